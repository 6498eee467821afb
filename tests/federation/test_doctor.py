"""What is found is judged alike, whoever looked."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from federation import doctor
from federation.doctor import Seen, State, Waiting
from federation.doctor.findings import SENTENCES
from federation.errors import Unfetched
from federation.fetch import Fetched, codes
from federation.policy import Mode
from federation.signatures import Profile
from federation.terms import AS2
from tests.federation.vectors import read

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DOCUMENTED = Path(__file__).parents[2] / "docs" / "doctor.md"
ACTOR = read("actor-node.json", "wire")


def failed(code, status=None):
    return Seen(code=code, status=status)


def answered(status):
    return Seen(code=codes.STATUS, status=status)


def dated(**ahead):
    return format_datetime(NOW + timedelta(**ahead))


def test_every_finding_is_documented_and_no_other():
    text = DOCUMENTED.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.0-9]+)` \| (\w+) \|", text, re.MULTILINE)

    assert dict(rows) == {code: state for code, (state, _) in SENTENCES.items()}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", "name.found"),
        (codes.HOST, "name.invalid"),
        (codes.DENIED, "name.denied"),
        (codes.UNREACHABLE, "name.unknown"),
    ],
)
def test_a_name_is_judged_by_where_it_leads(code, expected):
    assert doctor.name(code).code == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(status=200), "connection.open"),
        (answered(404), "connection.open"),
        (failed(codes.TYPE, 200), "connection.open"),
        (failed(codes.TLS), "connection.untrusted"),
        (failed(codes.SLOW), "connection.slow"),
        (failed(codes.UNREACHABLE), "connection.none"),
    ],
)
def test_whoever_answers_anything_is_connected(seen, expected):
    assert doctor.connection(seen).code == expected


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "clock.same"),
        (30, "clock.same"),
        (31, "clock.drifts"),
        (300, "clock.drifts"),
        (301, "clock.off"),
        (86_400, "clock.off"),
    ],
)
def test_clocks_may_differ_by_half_a_minute(seconds, expected, sign):
    found = doctor.clock([dated(seconds=sign * seconds)], at=NOW)

    assert found.code == expected
    assert f"{seconds} seconds" in found.says


@pytest.mark.parametrize("dates", [[], [""], ["yesterday", "Mon, 99 Foo 2026"]])
def test_a_server_without_a_date_is_told_from_one_with_a_wrong_clock(dates):
    assert doctor.clock(dates, at=NOW).code == "clock.silent"


def test_a_date_that_is_none_does_not_hide_the_next_one():
    assert doctor.clock(["", "soon", dated(hours=1)], at=NOW).code == "clock.off"


def test_a_date_without_a_zone_is_everybodys():
    assert doctor.clock(["Mon, 02 Mar 2026 10:00:00"], at=NOW).code == "clock.same"


@pytest.mark.parametrize("judge", [doctor.webfinger, doctor.nodeinfo])
@pytest.mark.parametrize(
    ("links", "named"),
    [
        ([{"rel": f"{AS2}#Service", "href": "https://c.example/ap/node"}], True),
        ([{"rel": f"{AS2}#Application", "href": "https://c.example/i"}], True),
        ([{"rel": "self", "href": "https://c.example/u/eve"}], False),
        ([{"rel": f"{AS2}#Service", "href": 1}, "x", None], False),
        ("x", False),
    ],
)
def test_an_actor_of_the_node_is_named_by_its_link(judge, links, named):
    found = judge(Seen({"links": links}))

    assert found.code.endswith(".names" if named else ".silent")


def test_whoever_names_no_actor_is_said_to_have_answered_so():
    assert "(404)" in doctor.webfinger(answered(404)).says
    assert "(egress.type)" in doctor.nodeinfo(failed(codes.TYPE, 200)).says


@pytest.mark.parametrize(
    ("newer", "older", "expected"),
    [
        (Seen(ACTOR, status=200), Seen(ACTOR, status=200), "signature.both"),
        (Seen(ACTOR, status=200), answered(401), "signature.one"),
        (answered(401), failed(codes.ID, 200), "signature.one"),
        (answered(401), answered(401), "signature.refused"),
        (answered(500), answered(403), "signature.refused"),
        (answered(500), answered(500), None),
        (answered(404), failed(codes.SLOW), None),
    ],
)
def test_signing_is_judged_by_what_it_opens(newer, older, expected):
    seen = {Profile.RFC9421: newer, Profile.CAVAGE: older}

    found = doctor.signatures(seen)

    assert (found and found.code) == expected


def test_without_keys_of_ours_nothing_is_said_of_signing():
    assert doctor.signatures({}) is None


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(ACTOR, status=200), "actor.served"),
        (answered(404), "actor.missing"),
        (answered(410), "actor.missing"),
        (answered(500), "actor.away"),
        (answered(503), "actor.away"),
        (failed(codes.SLOW), "actor.away"),
        (failed(codes.UNREACHABLE), "actor.away"),
        (failed(codes.TYPE, 200), "actor.wrong"),
        (failed(codes.ID, 200), "actor.wrong"),
        (Seen({"id": ACTOR["id"], "type": "Note"}, status=200), "actor.wrong"),
        (Seen({**ACTOR, "inbox": "https://x.example/i"}, status=200), "actor.wrong"),
    ],
)
def test_an_actor_is_one_that_can_be_written_to(seen, expected):
    assert doctor.actor(seen).code == expected


def test_keys_that_nobody_can_believe_are_none():
    weak = {**ACTOR, "assertionMethod": [], "publicKey": {"id": "x"}}

    assert doctor.key_ring(ACTOR, {}).code == "keys.good"
    assert doctor.key_ring(weak, {}).code == "keys.none"


def test_another_key_under_a_known_id_is_seen():
    [listed] = [ACTOR["publicKey"]["id"]]

    assert doctor.key_ring(ACTOR, {listed: b"older"}).code == "keys.changed"
    assert doctor.key_ring(ACTOR, {"https://x.example#k": b"x"}).code == "keys.good"


def test_what_a_node_can_do_is_what_it_says():
    assert doctor.capabilities(ACTOR).code == "capabilities.private"
    assert doctor.capabilities({"id": "x"}).code == "capabilities.public"


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (answered(405), "inbox.open"),
        (answered(401), "inbox.open"),
        (Seen(status=200), "inbox.open"),
        (answered(404), "inbox.hidden"),
        (answered(500), "inbox.broken"),
        (answered(503), "inbox.broken"),
        (failed(codes.SLOW), "inbox.broken"),
    ],
)
def test_an_inbox_is_there_unless_its_server_is_at_fault(seen, expected):
    assert doctor.inbox(seen).code == expected


def test_our_own_address_has_to_serve_what_we_would():
    good, other = (ACTOR, Seen(ACTOR, status=200)), (ACTOR, Seen({}, status=200))

    assert doctor.ourselves([good, good]).code == "ourselves.same"
    assert doctor.ourselves([good, other]).code == "ourselves.other"
    assert doctor.ourselves([(ACTOR, answered(502))]).code == "ourselves.away"
    assert doctor.ours({}).code == "ours.missing"
    assert doctor.ours({"x": ACTOR}).code == "ours.ready"
    assert doctor.ledger("").code == "ledger.growing"
    stopped = doctor.ledger("ledger.fork: two histories")
    assert (stopped.code, stopped.fails) == ("ledger.stopped", True)
    assert "ledger.fork: two histories. " in stopped.says


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (Waiting(), "waiting.none"),
        (Waiting(waiting=2), "waiting.some"),
        (Waiting(waiting=2, answer="503"), "waiting.failing"),
        (Waiting(waiting=2, parked=1, answer="403"), "waiting.parked"),
        (Waiting(parked=1, answer="409", paused_until=NOW), "waiting.paused"),
        (Waiting(dead=True, answer="no-answer", paused_until=NOW), "waiting.dead"),
    ],
)
def test_of_what_waits_the_worst_is_said(rows, expected):
    assert doctor.waiting(rows).code == expected


@pytest.mark.parametrize(
    ("mode", "state"),
    [(Mode.OPEN, State.OK), (Mode.LIMITED, State.WARN), (Mode.BLOCKED, State.FAIL)],
)
def test_only_a_blocked_node_is_cut_off(mode, state):
    assert doctor.mode(mode).state is state
    assert doctor.mode(mode).fails == (mode is Mode.BLOCKED)


def test_the_way_we_sign_is_said():
    assert "cavage" in doctor.profile(Profile.CAVAGE).says
    assert doctor.profile(None).code == "profile.unknown"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"id": "x"}', ""),
        (b"[]", "json.malformed"),
        (b"{", "json.malformed"),
        (b'{"a": 1, "a": 2}', "json.duplicate"),
    ],
)
def test_what_is_no_document_keeps_its_status_and_its_date(body, code):
    seen = Seen.of(lambda: Fetched("u", body, "t", 200, {"date": "now"}))

    assert (seen.code, seen.status, seen.date) == (code, 200, "now")


def test_a_request_that_failed_is_kept_with_its_code():
    def fail():
        raise Unfetched(codes.STATUS, 418)

    assert Seen.of(fail).reason == "418"
    assert Seen.vouched(fail).status == 418
    assert failed(codes.SLOW).reason == codes.SLOW
