"""A node of ours and a peer of another make, started once for a run."""

import os

import pytest

from tests.peers.meeting import meeting
from tests.peers.oracle import oracle
from tests.support import installed


def _require(find):
    try:
        find()
    except installed.Missing as missing:
        why = f"this machine lacks {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(scope="session")
def others():
    """The other implementation of a log's formats."""
    _require(installed.aics_python)
    with oracle() as found:
        yield found


@pytest.fixture(scope="session")
def introduced(tmp_path_factory):
    """Both of them; Cleo follows Ash."""
    _require(installed.fedify_node)
    with meeting(tmp_path_factory.mktemp("meeting")) as both:
        both.follow()
        yield both


@pytest.fixture
def met(introduced):
    """The same, with a peer that is as it usually is."""
    introduced.peer.order("become")
    return introduced
