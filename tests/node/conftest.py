"""Villages for tests of the node: on SQLite, or on both engines by turns."""

import pytest

from node import advocates, witness
from tests.support.cast import moot_on
from tests.support.door import place_on, visitor
from tests.support.engines import ENGINES, village_on
from tests.support.knocking import stranger
from tests.support.neighbours import street
from tests.support.posting import desk_in
from tests.support.publicly import overhear
from tests.support.village import Village
from tests.support.witnessing import KEY, Ash, Pair


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


@pytest.fixture(scope="module", params=ENGINES)
def place(request, tmp_path_factory):
    """A node whose inboxes strangers knock at, on SQLite, and again on PostgreSQL."""
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with place_on(server, tmp_path_factory.mktemp("place")) as place:
        yield place


@pytest.fixture
def eve(place):
    """Somebody nobody here has met, after what came before is done and forgotten."""
    return stranger(place)


@pytest.fixture(scope="module")
def cleo(place):
    """An advocate of the place, with a public name."""
    cleo = visitor(place.node, "cleo@ash.example", "advocate")
    advocates.open_actor(place.node, "cleo", "Cleo", by=cleo)
    return cleo


@pytest.fixture
def oak(place):
    """A community that nobody here has met."""
    place.village.pass_time(minutes=10)
    return place.stranger(type="Group")


@pytest.fixture
def desk(village):
    """A community that writes to others, on SQLite."""
    with desk_in(village) as desk:
        yield desk


@pytest.fixture
def desk_on(either):
    """A community that writes to others, on SQLite, and again on PostgreSQL."""
    with desk_in(either) as desk:
        yield desk


@pytest.fixture
def on_server(on_postgres):
    """A community that writes to others, on PostgreSQL."""
    with desk_in(on_postgres) as desk:
        yield desk


@pytest.fixture
def heard(monkeypatch):
    """Every body that one node sends another, in order."""
    return overhear(monkeypatch)


@pytest.fixture
def lane(heard, tmp_path):
    """Two communities that know each other, and everything they say is heard."""
    del heard
    with street(tmp_path) as found:
        found.acquaint()
        yield found


@pytest.fixture
def pair(village):
    return Pair(village)


@pytest.fixture
def oracle(village):
    """Ash, whose only witness says whatever it is told to."""
    ash = Ash(village)
    witness.add(ash.ash, str(KEY.vkey))
    return ash


@pytest.fixture
def oracle_on(either):
    """The same on SQLite, and again on PostgreSQL."""
    ash = Ash(either)
    witness.add(ash.ash, str(KEY.vkey))
    return ash
