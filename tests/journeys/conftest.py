"""The community that every journey begins in.

On SQLite one process does everything; on PostgreSQL a Celery worker does what is due,
and hears of it over a broker.
"""

import pytest

from tests.support.cast import moot_on
from tests.support.engines import ENGINES, server_of


@pytest.fixture(params=ENGINES)
def moot(request, tmp_path):
    """A community with its cast, and whoever does what is due."""
    server = server_of(request)
    with moot_on(server, tmp_path / "moot") as moot:
        if not server:
            yield moot
            return
        with request.getfixturevalue("celery").serves(moot) as served:
            yield served
