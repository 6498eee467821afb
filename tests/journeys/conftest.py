"""The community that every journey begins in, on both engines by turns."""

import pytest

from tests.support.cast import moot_on
from tests.support.engines import ENGINES


@pytest.fixture(params=ENGINES)
def moot(request, tmp_path):
    """A community with its cast, on SQLite, and again on PostgreSQL."""
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with moot_on(server, tmp_path / "moot") as moot:
        yield moot
