"""A node of ours and a peer of another make, started once for a run."""

import os

import pytest

from tests.peers.meeting import meeting
from tests.support import installed


@pytest.fixture(scope="session")
def introduced(tmp_path_factory):
    """Both of them; Cleo follows Ash."""
    try:
        installed.fedify_node()
    except installed.Missing as missing:
        why = f"this machine lacks {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with meeting(tmp_path_factory.mktemp("meeting")) as both:
        both.follow()
        yield both


@pytest.fixture
def met(introduced):
    """The same, with a peer that is as it usually is."""
    introduced.peer.order("become")
    return introduced
