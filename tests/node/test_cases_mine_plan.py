"""What waits for a member is looked up, however much they told us."""

from node import cases
from tests.support.plans import plans


def test_what_waits_for_a_member_is_found_by_its_state(moot):
    moot.tell(by=moot["ada"])

    def look():
        cases.mine(moot.node, by=moot["ada"])

    first, *_ = plans(moot.node, look, 'FROM "case"')

    assert any("ix_case_turn" in line for line in first), first
