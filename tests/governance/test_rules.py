from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import rules
from governance.cases import Priority
from governance.errors import RulesInvalid
from governance.rules import Clock, Effect, PledgeKind, Predicate, Unit, check
from tests.governance.documents import (
    PRESETS,
    REMOVE,
    SCHEMA,
    bylaws,
    patched,
    preset,
    vector,
)

INVALID = vector("bylaws-invalid")["cases"]
#: What the vectors leave to be tried: a patch, and what the finding says.
FOUND = [
    ({"/params/juries/expulsion_size": 5, "/params/juries/size": 7}, "jury"),
    ({"/params/proxy": {"allowed": False, "max_held": 1}}, "proxies"),
    ({"/roles/steward/vouches": 2}, "vouches"),
    ({"/roles/steward/seats": None}, "number of seats"),
    ({"/roles/auditor/seats": None}, "number of seats"),
    ({"/params/membership/application/decided_by": "wizard"}, "no role wizard"),
    ({"/params/calendar/zone": "Mars/Olympus"}, "no time zone"),
    ({"/params/calendar/zone": "../etc/passwd"}, "no time zone"),
    ({"/params/calendar/week/mon": [["17:00", "09:00"]]}, "follow each other"),
    ({"/params/calendar/week/mon": [["09:00", "09:00"]]}, "follow each other"),
    (
        {"/params/calendar/week/tue": [["09:00", "12:00"], ["11:00", "13:00"]]},
        "week/tue: times must follow each other",
    ),
    ({"/params/voting/petition": "1/4"}, "/params/voting/petition: a petition"),
    ({"/params/publication/parity_q": "2/40"}, "parity_q: 2/40 is not in lowest"),
    ({"/params/publication/parity_ratio": "6/4"}, "parity_ratio: 6/4"),
    ({"/params/voting/stand_aside_max": "2/8"}, "stand_aside_max: 2/8"),
    ({"/params/budget/min_support": "2/8"}, "min_support: 2/8"),
    (
        {"/params/voting/supporters": {"kind": "share", "value": "2/40"}},
        "supporters: 2/40",
    ),
    ({"/roles/steward/recall": "2/20"}, "recall: 2/20"),
    ({"/classes/bylaws/block/override": "38/40"}, "override: 38/40"),
    ({"/classes/bylaws/block/override": "99/100"}, "bylaws/block: 3/4 to 19/20"),
    ({"/classes/bylaws/block/override": "1/2"}, "bylaws/block: 3/4 to 19/20"),
    ({"/classes/agreement/fallback/threshold": "6/8"}, "fallback/threshold: 6/8"),
    ({"/classes/agreement/fallback/threshold": "1/2"}, "agreement/fallback: 3/4"),
    ({"/classes/agreement/fallback/threshold": "19/20"}, "agreement/fallback: 3/4"),
    ({"/classes/agreement/ballot": "detached"}, "consent is given openly"),
    ({"/classes/agreement/quorum/kind": "approval"}, "consent is given openly"),
    ({"/classes/policy/fallback": {"threshold": "3/4"}}, "only consent falls back"),
    ({"/classes/budget/quorum/value": "2/3"}, "budget/quorum"),
    ({"/classes/bylaws/open_days": 1, "/classes/bylaws/deliberation_days": 12}, "14"),
]
FINE = [
    {"/classes/bylaws/open_days": 1, "/classes/bylaws/deliberation_days": 13},
    {"/classes/policy/threshold": "9/10", "/classes/policy/quorum/value": "1/2"},
    {"/classes/bylaws/block/override": "3/4"},
    {"/classes/agreement/fallback/threshold": "9/10"},
    {"/params/voting/petition": "1/5", "/roles/steward/recall": "1/5"},
    {"/params/voting/supporters": {"kind": "share", "value": "1/20"}},
    {"/params/sharing": {"default": "deidentified", "ceiling": "deidentified"}},
    {"/params/proxy": {"allowed": True, "max_held": 2}},
    {"/params/juries/expulsion_size": 7, "/params/juries/size": 7},
    {"/params/calendar/week/mon": [["00:00", "12:00"], ["12:00", "24:00"]]},
]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_lived_by(name):
    read = bylaws(name=name)

    assert read.identity == vector("presets")["hashes"][name]
    assert (read.version, read.title) == (1, preset(name)["title"])


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case["note"])
def test_invalid_bylaws_are_refused_by_whoever_should_notice(case):
    document = patched(case["patch"])

    with pytest.raises(RulesInvalid) as no:
        rules.load(document, SCHEMA)

    assert no.value.findings
    if case["refused_by"] == "check":
        assert no.value.findings == check(document)


@pytest.mark.parametrize(("patch", "said"), FOUND, ids=lambda it: str(it)[:60])
def test_what_contradicts_itself_is_found_and_named(patch, said):
    with pytest.raises(RulesInvalid) as no:
        bylaws(patch)

    assert [finding for finding in no.value.findings if said in finding]
    assert said in no.value.reason


@pytest.mark.parametrize("patch", FINE, ids=lambda it: str(it)[:60])
def test_what_just_holds_is_let_through(patch):
    assert bylaws(patch)


@pytest.mark.parametrize(
    "verb",
    [
        "case.triage", "case.assign", "case.reply", "case.refuse", "member.admit",
        "agreement.negotiate", "emergency.declare", "sanction.impose",
    ],
)  # fmt: skip
def test_somebody_must_be_able_to_do_what_has_to_be_done(verb):
    rows = preset()["permissions"].items()
    gone = [id_ for id_, row in rows if row["verb"] == verb and row["role"] != "system"]
    denied = {"role": "steward", "verb": verb, "effect": "deny", "when": []}
    patch = {f"/permissions/{id_}": REMOVE for id_ in gone}

    findings = check(patched(patch | {"/permissions/no": denied}))

    assert findings == (f"/permissions: nobody may {verb}.",)


@pytest.mark.parametrize("predicate", ["same_topic", "same_area", "cleared", "in_term"])
@pytest.mark.parametrize("role", ["*", "member", "guest", "peer", "system"])
def test_only_a_role_given_by_a_grant_has_a_scope(role, predicate):
    row = {"role": role, "verb": "case.reopen", "effect": "allow", "when": [predicate]}

    findings = check(patched({"/permissions/x": row}))

    assert findings == ("/permissions/x: only a role given by a grant has a scope.",)


def test_opening_hours_are_needed_where_pledges_count_them():
    closed = {day: [] for day in preset()["params"]["calendar"]["week"]}
    pledge = preset()["params"]["pledges"]["acknowledge"]

    assert "pledges in opening hours need some" in "".join(
        check(patched({"/params/calendar/week": closed}))
    )
    assert bylaws(
        {"/params/calendar/week": closed, "/params/pledges": {"acknowledge": pledge}}
    )


def test_a_changed_floor_is_found_even_without_a_schema():
    assert check(patched({"/floor/vote_weight": 2})) == (
        "/floor: must be an exact copy of the floor.",
    )


def test_every_finding_is_told_at_once():
    with pytest.raises(RulesInvalid) as no:
        bylaws({"/params/surprise": 1, "/version": 0})

    assert len(no.value.findings) == 2
    assert no.value.findings[0].startswith("/")


def test_the_schema_fetches_nothing_from_anywhere():
    foreign = {"$ref": "https://ash.example/schema"}

    with pytest.raises(Exception, match=r"ash\.example"):
        rules.load(preset(), foreign)


@given(st.randoms(use_true_random=False))
def test_identity_does_not_depend_on_the_order_of_keys(dice):
    keys = list(preset())
    dice.shuffle(keys)
    shuffled = {key: preset()[key] for key in keys}

    assert rules.identity(shuffled) == vector("presets")["hashes"]["cooperative"]


def test_any_change_is_another_identity():
    assert rules.identity(patched({"/version": 2})) != rules.identity(preset())


def test_pledges_are_read_as_they_are_written():
    read = {row.id: row for row in bylaws().pledges}

    urgent, resolution = read["response-urgent"], read["resolution"]

    assert (urgent.kind, urgent.priority) == (
        PledgeKind.FIRST_RESPONSE,
        Priority.URGENT,
    )
    assert (urgent.amount, urgent.unit, urgent.clock) == (4, Unit.HOURS, Clock.ALWAYS)
    assert (urgent.pauses, resolution.pauses) == (False, True)
    assert resolution.priority is None


def test_permissions_and_roles_are_read_as_they_are_written():
    read = bylaws()
    row = next(it for it in read.permissions if it.id == "coordinator-case-refuse")

    assert (row.role, row.verb, row.effect) == (
        "coordinator",
        "case.refuse",
        Effect.ALLOW,
    )
    assert row.when == {Predicate.TWO_PERSON}
    assert [it.id for it in read.permissions] == sorted(preset()["permissions"])
    assert (read.roles["steward"].seats, read.roles["advocate"].seats) == (3, None)
    assert (read.roles["steward"].id, read.roles["steward"].term_days) == (
        "steward",
        365,
    )
    assert read.roles["steward"].title == "Steward"


def test_the_calendar_is_read_as_it_is_written():
    read = bylaws(
        {
            "/params/calendar/zone": "Europe/Berlin",
            "/params/calendar/holidays": "DE-BE",
            "/params/calendar/week/sun": [["08:30", "24:00"]],
        }
    )
    sunday = datetime(2026, 1, 4, tzinfo=UTC).date()

    assert read.calendar.spans(sunday) == (
        (datetime(2026, 1, 4, 7, 30, tzinfo=UTC), datetime(2026, 1, 4, 23, tzinfo=UTC)),
    )
    assert read.calendar.week[0] == ((540, 1020),)
    assert (read.calendar.standard_day_minutes, read.holidays) == (480, "DE-BE")


def test_what_is_said_about_cases_is_read_as_it_is_written():
    read = bylaws().cases

    assert read.blind_triage
    assert (read.reopen_days, read.appeal_days, read.restore_days) == (90, 90, 30)
    assert read.contact_attempts == 3


def test_the_closed_lists_are_those_of_the_schema():
    defs = SCHEMA["$defs"]
    pledge = defs["pledge"]["properties"]

    assert list(Predicate) == defs["predicate"]["enum"]
    assert list(PledgeKind) == pledge["kind"]["enum"]
    assert list(Unit) == pledge["unit"]["enum"]
    assert list(Clock) == pledge["clock"]["enum"]
    assert ["any", *Priority] == pledge["priority"]["enum"]
