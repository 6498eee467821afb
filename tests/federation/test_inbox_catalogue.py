import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.inbox import (
    FORMS,
    OTHER,
    ROWS,
    Change,
    Lane,
    Place,
    change,
    lane,
    place,
)
from tests.federation.arrivals import CASE, CLEO, GROUP, activity, create, reply

C, P, U, B = Lane.CONTROL, Lane.PRIVATE, Lane.PUBLIC, Lane.BULK
WIRE = Path(__file__).parents[1] / "vectors/wire"
EXAMPLES = {
    "public-case-create": (2, U),
    "public-announce": (3, U),
    "public-reply-approval": (4, U),
    "public-delete": (16, U),
    "agreement-offer": (5, C),
    "agreement-counter": (5, C),
    "agreement-tentative": (6, C),
    "agreement-accept": (6, C),
    "agreement-suspend": (7, C),
    "agreement-end": (7, C),
    "case-offer": (8, P),
    "case-accept": (8, P),
    "case-add-content": (9, P),
    "case-add-status": (9, P),
    "case-add-reply": (9, P),
    "reply-create": (10, P),
    "assignment-offer": (11, P),
    "assignment-accept": (11, P),
    "withdrawal": (14, C),
    "withdrawal-frozen": (14, C),
    "erasure-receipt": (15, C),
    "move": (17, U),
    "flag": (18, U),
    "flag-outcome": (18, U),
    "checkpoint-offer": (20, B),
    "cosignature-accept": (20, B),
    "cosignature-reject": (20, B),
}
AGREED = {"fm:agreement": "https://birch.example/ap/agreements/1"}
NOTED = {"fm:checkpoint": "birch.example/ledger\n4\n..."}
FOLLOW = {"id": "https://birch.example/f/1", "type": "Follow", "object": GROUP}
STANDING = {"type": "fm:Standing", "fm:agreementStatus": "fm:suspended"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_its_row_and_lane(name):
    document = json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))

    assert place(document) == Place(*EXAMPLES[name])


@pytest.mark.parametrize(
    ("document", "row", "in_lane"),
    [
        (activity("Follow", GROUP), 1, U),
        (activity("Undo", FOLLOW), 1, U),
        (activity("Undo", "https://birch.example/f/1"), 1, U),
        (activity("Accept", FOLLOW), 1, U),
        (activity("Reject", "https://ash.example/f/1"), 1, U),
        (create(reply(inReplyTo=None)), 2, U),
        (activity("Update", {"type": "Event"}), 2, U),
        (create(reply()), 4, U),
        (activity("Announce", CASE), 3, U),
        (activity("Reject", "https://ash.example/1", **NOTED), 6, C),
        (activity("Undo", {"type": "Offer"}, **AGREED), 7, C),
        (activity("Reject", "https://ash.example/1", **AGREED), 8, P),
        (activity("Accept", "https://ash.example/1", **{"fm:receipt": "r"}), 9, P),
        (activity("Add", "https://birch.example/1", **AGREED), 9, P),
        (activity("Delete", {"type": "fm:Reply"}), 10, P),
        (activity("Offer", {"type": "Relationship"}), 11, U),
        (activity("Undo", {"type": "Offer"}), 12, U),
        (activity("Undo", {"type": "Offer"}, context="c", **AGREED), 12, P),
        (activity("Remove", {"type": "Relationship"}, **AGREED), 12, P),
        (activity("Update", {"type": "fm:Case"}), 13, P),
        (activity("Offer", {"type": "Update", "object": reply()}), 13, U),
        (activity("Undo", "https://birch.example/1", **{"fm:withdraw": True}), 14, C),
        (activity("Delete", "https://birch.example/1"), 16, U),
        (activity("Delete", "https://birch.example/1", **AGREED), 16, C),
        (activity("Update", {"id": CLEO, "type": "Person"}), 17, U),
        (activity("Update", {"id": CLEO, "type": "Group"}, **NOTED), 17, C),
        (activity("Flag", CASE, **AGREED), 18, P),
        (activity("Block", GROUP), 19, U),
        (activity("Add", {"type": "fm:Checkpoint"}), 21, B),
        (activity("Like", CASE), 22, U),
        (activity("Undo", {"type": "Like"}), 22, U),
        (activity("TentativeAccept", "https://ash.example/1"), 22, U),
        (activity("fm:Invented", CASE), 22, P),
        (activity(["View", "Delete"], CASE), 22, U),
        (activity(["x:Follow", "Follow"], GROUP), 1, U),
    ],
)
def test_a_row_is_known_by_what_a_document_is(document, row, in_lane):
    assert place(document) == Place(row, in_lane)


@pytest.mark.parametrize(
    "key", ["fm:sealed", "fm:consent", "fm:agreement", "fm:sequence"]
)
@pytest.mark.parametrize("type_", ["Create", "Announce", "Like", "Follow"])
def test_what_looks_private_anywhere_is_never_public(type_, key):
    inner = activity("Create", reply(**{key: "x"}))

    assert lane(activity(type_, CASE, **{key: "x"})) is P
    assert lane(activity(type_, reply(**{key: "x"}))) is P
    assert lane(activity(type_, inner)) is P
    assert lane(activity(type_, [inner])) is P


@pytest.mark.parametrize("where", ["object", "result", "target"])
def test_what_only_partners_exchange_is_never_public(where):
    part = {"id": "https://birch.example/1", "type": ["Note", "fm:Case"]}

    assert lane(activity("Like", CASE, **{where: part})) is P


@pytest.mark.parametrize(
    "document",
    [
        activity("Delete", CASE),
        activity("Reject", FOLLOW),
        activity("Undo", FOLLOW),
        activity("Undo", "https://birch.example/f/1"),
        activity("Update", STANDING),
    ],
)
def test_what_takes_back_only_shares_less(document):
    assert change(document) is Change.LESS


@pytest.mark.parametrize(
    "document",
    [
        activity("Follow", GROUP),
        activity("Create", reply()),
        activity(["Create", "Delete"], reply()),
        activity("Undo", {"type": "Block"}),
        activity("Undo", {"type": "Undo"}),
        activity("Undo", {"type": ["Like", "Delete"]}),
        activity("Update", {**STANDING, "fm:agreementStatus": "fm:inForce"}),
        activity("Update", {"type": "fm:Standing"}),
        activity("Update", {"type": "Note", "fm:agreementStatus": "fm:suspended"}),
    ],
)
def test_everything_else_may_share_more(document):
    assert change(document) is Change.MORE


def test_the_catalogue_lists_every_form():
    rows = {row.number: row for row in ROWS}

    assert [row.number for row in ROWS] == list(range(1, OTHER + 1))
    for form in FORMS:
        assert form.types <= set(rows[form.row].types), form
        assert form.lane in rows[form.row].lanes, form


def test_every_row_and_lane_of_the_catalogue_has_a_form():
    promised = {(row.number, each) for row in ROWS for each in row.lanes}

    assert promised - {(OTHER, U)} == {(form.row, form.lane) for form in FORMS}


values = st.recursive(
    st.none() | st.text(max_size=5) | st.sampled_from(["Note", "Undo", "fm:Case"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "object", "actor", "result", "fm:sealed"]),
            below,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["type", "object", "target", "to"]), values))
def test_any_document_has_one_place(document):
    assert place(document).lane in Lane
    assert change(document) in Change
