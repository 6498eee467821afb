import sys

import pytest

from tests.faults.pair import Run, survive

pytestmark = pytest.mark.network


def test_each_public_case_arrives_once_however_often_its_node_is_killed(tmp_path):
    report = survive(Run(), tmp_path)

    sys.stdout.write(f"\n{report}\n")
    assert report.arrived == Run().count
    assert report.cut, "no kill hit anything"
