from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.walls import Sight, Walls, visible

ADA, BEN, CLEO = (UUID(int=number) for number in range(1, 4))
people = st.frozensets(st.sampled_from([ADA, BEN, CLEO]))


@pytest.mark.capability("4.20")
@given(people)
def test_on_the_own_case_a_person_is_only_its_member(walled):
    assert visible(ADA, Walls(frozenset({ADA}), walled)) is Sight.MEMBER


@given(people)
def test_for_somebody_walled_there_is_no_such_case(walled):
    assert visible(BEN, Walls(frozenset({ADA}), walled | {BEN})) is Sight.NOTHING


def test_without_a_wall_rights_decide():
    assert visible(CLEO, Walls(frozenset({ADA}), frozenset({BEN}))) is Sight.DESK
