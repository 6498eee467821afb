import pytest

from governance import floor
from tests.governance.documents import PRESETS, SCHEMA, bylaws, preset

LISTED = SCHEMA["properties"]["floor"]["const"]


def test_the_floor_is_the_one_of_the_schema():
    assert LISTED == floor.FLOOR


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_stands_on_the_floor(name):
    assert preset(name)["floor"] == floor.FLOOR


def test_the_lists_that_decide_uses_are_those_of_the_floor():
    assert LISTED["always_allowed"] == {
        "anyone": sorted(floor.ANYONE),
        "claimant": sorted(floor.CLAIMANT),
        "member": sorted(floor.MEMBER),
    }


def test_whoever_left_keeps_less_than_a_member_has():
    assert floor.FORMER_MEMBER < floor.MEMBER


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_needs_a_rule_for_what_is_always_allowed(name):
    free = floor.ANYONE | floor.MEMBER

    assert not [row.id for row in bylaws(name=name).permissions if row.verb in free]
