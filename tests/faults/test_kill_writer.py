import json
import subprocess
import sys

import pytest

from tests.faults import killing
from tests.faults.rig import ROOT
from tests.support.engines import ENGINES, server_of

pytestmark = pytest.mark.network
KILLS = 20


@pytest.fixture(params=ENGINES)
def survived(request):
    """Lets a process be killed as often as CI does, on each engine; says what held."""
    server = server_of(request)

    def survived(what, *more, kills=KILLS):
        # A process that forks has no threads: so it is one of its own.
        command = [sys.executable, "-m", "tests.faults.killing", "--what", what]
        done = subprocess.run(  # noqa: S603 - our own program
            [*command, "--kills", str(kills), "--server", server, *more],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        sys.stdout.write(done.stdout)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return survived


def test_a_ledger_whose_writer_is_killed_loses_no_receipt_and_uses_no_index_again(
    survived,
):
    found = survived("writer")

    assert found["kills"] == KILLS
    assert found["receipts"] > KILLS
    assert {found[name] for name in killing.WRONG if name in found} == {0}


def test_processes_that_write_at_once_change_only_speed_and_one_goes_on_for_another(
    survived,
):
    # The others write on while the log is checked, so each check takes longer.
    found = survived("writer", "--crowd", "3", kills=2)

    assert found["receipts"] > found["kills"]
    assert {found[name] for name in killing.WRONG if name in found} == {0}


def test_a_witness_that_is_killed_remembers_whatever_it_cosigned(survived):
    found = survived("witness")

    assert found["cosignatures"] > KILLS
    assert found["forgotten"] == 0
