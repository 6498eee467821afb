import json
import subprocess
import sys
from http import HTTPStatus

import pytest

from tests.faults import broken
from tests.faults.found import until
from tests.faults.rig import ROOT, Mailroom, Rig, running
from tests.faults.standing import Standing, require_reasons
from tests.support.installed import strace
from tests.support.processes import free_port

pytestmark = pytest.mark.network

ERRORS = ["EIO", "ENOSPC"]
PATIENCE = 30


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Runs one node whose disk fails again and again; it is never started anew."""
    folder, smtp = tmp_path_factory.mktemp("disk"), free_port()
    told = {"FOLKMOOT_LEDGER_EXPORT": str(folder / "export")}
    rig = Rig(folder, free_port(), smtp, told=told)
    with running(rig, Mailroom(smtp)):
        standing = Standing(rig)
        standing.tell(patience=PATIENCE)
        yield standing


def failing(standing, call, error):
    return broken.failing(standing.rig.process, call, error, standing.rig.folder)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["openat", "pwrite64", "fdatasync"])
def test_what_the_disk_does_not_take_is_refused_with_a_reason_and_taken_in_later(
    standing, call, error
):
    with failing(standing, call, error) as injected:
        load = standing.tell()
        status = standing.read()
    standing.recover()

    assert injected.count
    assert load.refusals
    require_reasons(load)
    assert status in {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}
    standing.check()


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["fsync", "write", "rename"])
def test_a_publication_that_the_disk_does_not_take_is_made_later_and_costs_no_receipt(
    standing, call, error
):
    # The guard is flushed when the log is published, and then its files are written.
    with failing(standing, call, error) as injected:
        load = standing.tell(patience=PATIENCE)
        until(lambda: injected.count, PATIENCE)
    standing.tell(patience=PATIENCE)
    until(standing.exported, PATIENCE)

    assert injected.count
    assert load.end() == []
    assert standing.exported()
    standing.check()


@pytest.mark.parametrize("error", ERRORS)
def test_a_node_that_cannot_shorten_its_files_says_so_and_harms_nothing(
    standing, error
):
    # SQLite shortens a file when it is the first to open it: so nobody else may.
    rig, call = standing.rig, "ftruncate"
    rig.stop()
    seen = broken.Injected(rig.folder / f"{call}-{error}")
    words = ["-o", str(seen.seen), *broken.words(call, error, rig.folder)]
    command = [sys.executable, "-m", "folkmoot", "ledger", "status"]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [str(strace()), "--seccomp-bpf", *words, *command],
        cwd=ROOT, env=rig.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rig.start()
    standing.tell(patience=PATIENCE)

    assert seen.count
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")
    standing.check()


def test_a_full_disk_refuses_writers_serves_readers_and_needs_no_restart(tmp_path):
    # A mount in namespaces of its own: nobody needs to be root, nothing is left.
    alone = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m"]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [*alone, "tests.faults.full_disk", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["refused"]["503"]
    assert found["promised"] == 20
