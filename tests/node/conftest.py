"""Villages for tests of the node: on SQLite, or on both engines by turns."""

import pytest

from tests.support.cast import moot_on
from tests.support.engines import ENGINES, village_on
from tests.support.village import Village


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture(params=ENGINES)
def either(request, tmp_path):
    """A village on SQLite, and again on PostgreSQL."""
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with village_on(server, tmp_path) as village:
        yield village


@pytest.fixture
def on_postgres(postgres_url, tmp_path):
    """A village on PostgreSQL, for what only a server can get wrong."""
    with village_on(postgres_url, tmp_path) as village:
        yield village


@pytest.fixture(params=ENGINES)
def moot(request, tmp_path):
    """A community with its cast, on SQLite, and again on PostgreSQL."""
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with moot_on(server, tmp_path) as moot:
        yield moot
