import pytest

from node.models.publications import RemoteCase
from tests.support.door import all_of, got
from tests.support.stranger import PUBLIC


@pytest.fixture
def eve(place):
    eve = place.stranger(type="Group")
    place.follow(eve)
    return eve


def case_of(eve, **changed):
    note = eve.note(name="Light out", **{"fm:caseStatus": "fm:open", **changed})
    return eve.act("Create", note, to=[PUBLIC])


def remote(place, note):
    return {row.id: row for row in all_of(place.node, RemoteCase)}.get(note["id"])


@pytest.mark.parametrize("updated", [..., "2026-03-01T08:00:00Z"])
def test_a_case_that_comes_after_its_change_undoes_nothing(place, eve, updated):
    create = case_of(eve, published="2026-03-01T08:00:00Z")
    changed = {**create["object"], "name": "Lit again", "updated": updated}
    if updated is ...:
        del changed["updated"], changed["published"]

    place.take(eve, eve.act("Update", changed, to=[PUBLIC]), create)

    assert remote(place, changed).name == "Lit again"
    assert got(place.node, create).raw is None


def test_the_newest_change_of_a_case_counts_whenever_it_comes(place, eve):
    create = case_of(eve, published="2026-03-01T08:00:00Z")
    place.take(eve, create)

    def change(name, **times):
        note = {**create["object"], "name": name, **times}
        place.take(eve, eve.act("Update", note, to=[PUBLIC]))
        return remote(place, note).name

    assert change("First", updated="2026-03-01T09:00:00Z") == "First"
    assert change("Third", updated="2026-03-01T11:00:00Z") == "Third"
    assert change("Second", updated="2026-03-01T10:00:00Z") == "Third"
    assert change("Same second", updated="2026-03-01T11:00:00Z") == "Same second"


def test_a_clock_that_was_ahead_does_not_stop_a_case(place, eve):
    create = case_of(eve, updated="2027-03-01T08:00:00Z")
    place.take(eve, create)
    place.village.pass_time(minutes=1)
    now = place.village.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    changed = {**create["object"], "name": "On time", "updated": now}
    place.take(eve, eve.act("Update", changed, to=[PUBLIC]))

    assert remote(place, changed).name == "On time"
