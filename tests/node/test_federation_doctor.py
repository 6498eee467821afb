"""Another node is looked at, and what is wrong is found where it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from federation.doctor import State
from federation.fetch import Guard
from federation.policy import Mode
from governance.errors import NotFound
from node import federation_desk, federation_doctor, outbox, peers
from node.federation_desk import Treatment
from node.models.actors import ActorKey
from node.models.peers import RemoteKey
from tests.support import certificates
from tests.support.elsewhere import HOST, elsewhere
from tests.support.hostile_http import Clock, Hostile, answer
from tests.support.neighbours import ASH, BIRCH, street
from tests.support.posting import desk_in
from tests.support.stranger import Stranger

network = pytest.mark.network
ACTOR, INBOX = "/ap/node", "/ap/node/inbox"
REFUSED = answer(b"", status="401 Unauthorized")


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def ash(village):
    node = village.found("https://ash.example")
    village.connect(node)
    return node


def codes(node, host):
    return {one.code for one in federation_doctor.examine(node, host)}


def failures(node, host):
    return [one.code for one in federation_doctor.examine(node, host) if one.fails]


def seen(node, village, **changed):
    with elsewhere(node, village, **changed) as looking:
        # Nobody resolves our own name here, which a rig does without.
        return codes(looking, looking.memory["host"]) - {"ourselves.away"}


def test_two_nodes_that_are_well_find_nothing_wrong(lane):
    found = list(federation_doctor.examine(lane.ash, "birch.example"))

    assert not [one for one in found if one.fails]
    assert {one.code for one in found if one.state is State.WARN} == {"clock.silent"}
    assert [one.code for one in found] == [
        "ours.ready", "ledger.growing", "ourselves.same", "name.found",
        "connection.open",
        "clock.silent", "webfinger.names", "nodeinfo.names", "signature.both",
        "actor.served", "keys.good", "capabilities.public", "inbox.open",
        "mode.open", "profile.unknown", "waiting.none",
    ]  # fmt: skip


def test_looking_changes_nothing_here_and_nothing_there(lane):
    written = []
    for node in (lane.ash, lane.birch):
        event.listen(
            node.database.engine,
            "before_cursor_execute",
            lambda _c, _k, statement, *_rest: written.append(statement),
        )

    codes(lane.ash, "birch.example")

    assert {one.split()[0] for one in written} <= {"SELECT", "BEGIN", "PRAGMA"}
    assert {method for method, *_ in lane.village.roads.carried} == {"GET"}


def test_how_it_was_signed_for_last_is_remembered(lane):
    lane.acquaint()

    assert "profile.known" in codes(lane.birch, "ash.example")


@pytest.mark.parametrize(
    "host", ["", "a b", "ash.example", "a/b", "ftp://birch.example"]
)
def test_what_is_no_other_node_is_not_looked_at(lane, host):
    with pytest.raises(NotFound):
        codes(lane.ash, host)


def test_before_there_are_keys_requests_go_unsigned(lane):
    with lane.ash.begin() as tx:
        tx.query(ActorKey).delete()

    found = codes(lane.ash, "birch.example")

    assert {"ours.missing", "actor.served"} <= found
    assert not [one for one in found if one.startswith(("signature", "ourselves"))]


def test_what_the_stewards_decided_is_told(lane):
    how = Treatment(Mode.BLOCKED, "It sends lies.", 30)
    steward = lane.stewards["ash"]
    federation_desk.treat(lane.ash, "birch.example", how, by=steward)

    assert failures(lane.ash, "birch.example") == ["mode.blocked"]


def test_a_proxy_that_serves_something_else_for_us_is_found(lane):
    Stranger(lane.village, lane.ash, f"{ASH}/ap/node")

    assert "ourselves.other" in failures(lane.ash, "birch.example")


def test_a_proxy_that_loses_our_name_is_found(lane):
    # Another node refuses to be asked under a name that is not its own.
    lane.village.roads.apps[ASH] = lane.village.roads.apps[BIRCH]

    found = federation_doctor.examine(lane.ash, "birch.example")
    told = next(one for one in found if one.code == "ourselves.away")

    assert "(400)" in told.says


def test_a_key_that_changed_since_we_saw_it_is_pointed_at(lane):
    lane.acquaint()
    key = "https://ash.example/ap/node#main-key"
    peers.learn_key(lane.birch, key)
    assert "keys.good" in codes(lane.birch, "ash.example")

    with lane.birch.begin() as tx:
        tx.get_one(RemoteKey, key).raw = b"another"

    assert "keys.changed" in codes(lane.birch, "ash.example")


def test_a_node_that_is_away_is_told_with_what_waits_for_it(village):
    with desk_in(village) as desk:
        desk.elm.usual = 500
        desk.say("first")
        for _ in range(5):
            desk.village.pass_time(seconds=25)
            outbox.send(desk.ash, "https://elm.example")

        found = list(federation_doctor.examine(desk.ash, "elm.example"))

    assert found[-1].code == "waiting.paused"
    assert "500" in found[-1].says
    assert "name.unknown" in {one.code for one in found if one.fails}


def test_an_actor_we_know_is_looked_at_where_none_is_named(lane):
    eve = Stranger(lane.village, lane.birch)
    peers.learn_key(lane.birch, eve.key_id)

    found = codes(lane.birch, "cedar.example")

    assert {"webfinger.silent", "nodeinfo.silent", "actor.served"} <= found
    assert {"capabilities.public", "inbox.hidden"} <= found


def test_nobody_is_looked_at_where_none_is_named_and_none_known(lane):
    Stranger(lane.village, lane.birch)

    assert failures(lane.birch, "cedar.example") == ["actor.unnamed"]


@network
def test_a_server_that_is_well_is_found_well_over_a_socket(ash, village):
    assert seen(ash, village) == {
        "ours.ready", "ledger.growing", "name.found", "connection.open",
        "clock.same",
        "webfinger.names", "nodeinfo.names", "signature.both", "actor.served",
        "keys.good", "capabilities.public", "inbox.open", "mode.open",
        "profile.unknown", "waiting.none",
    }  # fmt: skip


@network
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"answers": {ACTOR: answer(b"", status="404 Not Found")}}, "actor.missing"),
        ({"answers": {ACTOR: answer(b"", status="503 Busy")}}, "actor.away"),
        (
            {"answers": {ACTOR: answer(b"<p>", {"Content-Type": "text/html"})}},
            "actor.wrong",
        ),
        ({"answers": {ACTOR: REFUSED}}, "signature.refused"),
        ({"actor": {"id": "https://elm.example/ap/node"}}, "actor.wrong"),
        ({"actor": {"inbox": "https://elm.example/inbox"}}, "actor.wrong"),
        ({"actor": {"publicKey": {}, "assertionMethod": []}}, "keys.none"),
        ({"answers": {INBOX: answer(b"", status="500 Oh")}}, "inbox.broken"),
        ({"answers": {INBOX: answer(b"", status="404 Not Found")}}, "inbox.hidden"),
    ],
)
def test_what_is_wrong_there_is_found_where_it_is(ash, village, changed, expected):
    assert expected in seen(ash, village, **changed)


@network
@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (0, "clock.same"),
        (120, "clock.drifts"),
        (-120, "clock.drifts"),
        (-900, "clock.off"),
    ],
)
def test_a_clock_that_is_wrong_there_is_found(ash, village, ahead, expected):
    at = village.now + timedelta(seconds=ahead)

    assert expected in seen(ash, village, at=at)


@network
def test_a_server_that_takes_the_older_signature_alone_is_told(ash, village):
    def picky(connection):
        wanted = "signature-input" not in server_fields()
        connection.sendall(good if wanted else REFUSED)

    with elsewhere(ash, village) as looking:
        server = looking.memory["server"]
        good = server.answers[ACTOR]
        server.answers[ACTOR] = picky

        def server_fields():
            return server.asked[-1].fields

        found = list(federation_doctor.examine(looking, looking.memory["host"]))

    told = next(one for one in found if one.code.startswith("signature"))
    assert (told.code, "cavage" in told.says) == ("signature.one", True)


@network
@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("nowhere.example", "name.unknown"),
        ("inside.example", "name.denied"),
        ("birch.example:8080", "name.invalid"),
        ("127.0.0.1", "name.invalid"),
        (f"http://{HOST}", "name.invalid"),
    ],
)
def test_where_a_name_does_not_lead_nobody_is_asked(ash, village, host, expected):
    with elsewhere(ash, village) as looking:
        found = codes(looking, host)

    assert expected in found
    assert not [one for one in found if one.startswith(("connection", "actor"))]


@network
def test_a_certificate_that_nobody_vouches_for_is_told(ash, tmp_path):
    tls = certificates.certificate(HOST, None).server(tmp_path)
    with Hostile(answer(), tls) as server:
        host = f"{HOST}:{server.port}"
        guard = Guard(
            "Folkmoot/1",
            insecure=frozenset({host}),
            resolve=lambda _host, _port: ["127.0.0.1"],
            monotonic=Clock(),
        )
        found = codes(replace(ash, network=guard), host)

    assert "connection.untrusted" in found
    assert not [one for one in found if one.startswith("actor")]


@network
def test_a_port_that_nobody_listens_at_is_told_from_a_name_that_leads_nowhere(
    ash, village
):
    with elsewhere(ash, village) as looking:
        host = looking.memory["host"]

    assert "connection.none" in codes(looking, host)
