import pytest
from sqlalchemy import select

from federation import keys, proofs, strict
from node import actors, neighbours, rotation
from node.models.actors import ActorKey
from node.models.inbox import Received
from node.models.outbox import Outgoing
from node.models.peers import RemoteKey
from tests.support.door import place_on
from tests.support.engines import ENGINES
from tests.support.neighbours import ASH, TITLE, street
from tests.support.roads import Roads

GROUP = "/ap/c/ash"


@pytest.fixture(params=ENGINES)
def place(request, tmp_path):
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with place_on(server, tmp_path) as place:
        yield place


@pytest.fixture
def eve(place):
    eve = place.stranger()
    place.take(eve, eve.act("Follow"))
    return eve


@pytest.fixture
def heard(monkeypatch):
    posted, post = [], Roads.post

    def keep(self, url, body, fields):
        posted.append((url, strict.loads(body), fields))
        return post(self, url, body, fields)

    monkeypatch.setattr(Roads, "post", keep)
    return posted


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        found.acquaint()
        yield found


def rotate(place):
    before = actor_of(place)
    rotation.ask(place.node)
    place.work()
    return before, actor_of(place)


def told_of(heard, actor):
    changed = [one for one in heard if one[1]["type"] == "Update"]
    return [one for one in changed if one[1]["actor"] == actor]


def actor_of(place):
    return actors.actor(place.node, GROUP)[0]


def proof_keys(place):
    return [one["id"].partition("#")[2] for one in actor_of(place)["assertionMethod"]]


def rows_of(place, kind):
    with place.node.read() as tx:
        found = select(ActorKey).where(ActorKey.kind == kind, ActorKey.actor == GROUP)
        rows = list(tx.scalars(found.order_by(ActorKey.number)))
        tx.expunge_all()
        return rows


def pass_days(place, days):
    # As the node looks at it in the course of a day.
    for _ in range(round(days * 4)):
        place.village.pass_time(hours=6)
        rotation.look(place.node)
        place.work()


def test_everybody_who_follows_is_told_of_new_keys_once(place, eve, heard):
    _, after = rotate(place)

    [(url, said, fields)] = told_of(heard, eve.group)
    assert url == f"{eve.id}/inbox"
    assert len(told_of(heard, f"{ASH}/ap/node")) == 1
    assert said["object"] == {key: it for key, it in after.items() if key != "@context"}
    assert f'keyid="{eve.group}#main-key-2"' in fields["Signature-Input"]


@pytest.mark.usefixtures("eve")
def test_the_old_proof_key_vouches_for_the_new_one(place, heard):
    before, _ = rotate(place)

    [(_, said, _)] = told_of(heard, f"{ASH}{GROUP}")
    known = keys.of_actor(before)
    assert proofs.verify(said, known.__getitem__, at=place.village.now)
    assert said["proof"]["verificationMethod"] == f"{ASH}{GROUP}#ed25519-key"


def test_every_kind_of_key_is_another_one_under_another_id(place):
    before, after = rotate(place)

    assert after["publicKey"]["id"] == f"{ASH}{GROUP}#main-key-2"
    assert after["publicKey"]["publicKeyPem"] != before["publicKey"]["publicKeyPem"]
    [seal] = after["keyAgreement"]
    assert seal["id"] == f"{ASH}{GROUP}#seal-key-2"
    assert seal["publicKeyMultibase"] != before["keyAgreement"][0]["publicKeyMultibase"]
    [new, old] = after["assertionMethod"]
    assert new["id"] == f"{ASH}{GROUP}#ed25519-key-2"
    assert old == before["assertionMethod"][0]


def test_the_old_proof_key_stays_listed_for_two_days(place):
    rotate(place)

    pass_days(place, 1.75)
    assert proof_keys(place) == ["ed25519-key-2", "ed25519-key"]
    pass_days(place, 0.25)
    assert proof_keys(place) == ["ed25519-key-2"]


def test_it_stays_listed_while_what_it_proved_waits(place, eve):
    with eve.away():
        rotate(place)
        pass_days(place, 5)
        assert proof_keys(place) == ["ed25519-key-2", "ed25519-key"]

    pass_days(place, 4)
    assert proof_keys(place) == ["ed25519-key-2"]


def test_what_an_old_key_can_still_do_ends_with_it(place):
    rotate(place)

    def alive(kind):
        return [row.private is not None for row in rows_of(place, kind)]

    # Nothing is signed with the old one any more; seals may be under way.
    assert alive("rsa") == alive("ed25519") == [False, True]
    place.village.pass_time(days=29)
    rotation.look(place.node)
    assert alive("x25519") == [True, True]
    place.village.pass_time(days=1)
    rotation.look(place.node)
    assert alive("x25519") == [False, True]


def test_keys_get_successors_when_they_are_old(place):
    def numbers():
        place.work()
        kinds = ("rsa", "ed25519", "x25519")
        return [rows_of(place, kind)[-1].number for kind in kinds]

    found = []
    for days in (0, 89, 1, 274, 1):
        place.village.pass_time(days=days)
        rotation.look(place.node)
        found.append(numbers())

    assert found == [[1, 1, 1], [1, 1, 1], [1, 1, 2], [1, 1, 3], [2, 2, 3]]


def test_what_was_asked_for_twice_is_replaced_once(place):
    subject = f"{GROUP} ed25519:1 rsa:1"
    for _ in range(2):
        rotation.rotate(place.node, subject)

    assert len(rows_of(place, "rsa")) == len(rows_of(place, "ed25519")) == 2
    with place.node.read() as tx:
        told = tx.scalars(select(Outgoing).where(Outgoing.type == "Update")).all()
    assert len(told) == 1


def test_other_processes_sign_with_the_new_key_at_once(place):
    other = place.village.open(place.node.settings)
    assert actors.signer(other, GROUP).key_id.endswith("#main-key")
    rotate(place)

    assert actors.signer(other, GROUP).key_id.endswith("#main-key-2")
    with other.read() as tx:
        assert actors.prover(other, tx, GROUP)[0].endswith("#ed25519-key-2")


def test_what_is_said_after_it_is_believed_elsewhere(lane):
    rotation.ask(lane.ash)
    lane.run()
    lane.publish(lane.tell())

    with lane.birch.read() as tx:
        received = tx.execute(select(Received.type, Received.state)).all()
        known = set(tx.scalars(select(RemoteKey.id)))
    assert ("Update", "done") in {tuple(row) for row in received}
    assert f"{ASH}{GROUP}#main-key-2" in known
    assert [it.name for it in neighbours.every(lane.birch, by=lane.cleo)] == [TITLE]


def test_the_nodes_own_key_changes_while_others_ask_for_it(lane):
    rotation.ask(lane.ash)
    lane.run()
    lane.village.pass_time(minutes=5)

    assert actors.signer(lane.ash, actors.NODE).key_id == f"{ASH}/ap/node#main-key-2"
    lane.publish(lane.tell())
    lane.answer()
    assert [it.name for it in neighbours.every(lane.birch, by=lane.cleo)] == [TITLE]
