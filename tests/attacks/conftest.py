"""A node with something to attack, for the rows of one file, on either engine."""

import pytest

from tests.support.door import place_on
from tests.support.engines import ENGINES
from tests.support.knocking import remote_case


@pytest.fixture(scope="module", params=ENGINES)
def server(request):
    """The address of a PostgreSQL server; empty for SQLite."""
    on_sqlite = request.param == "sqlite"
    return "" if on_sqlite else request.getfixturevalue("postgres_url")


@pytest.fixture(scope="module")
def place(server, tmp_path_factory):
    """A node with a public case, that follows somebody and knows a case of theirs."""
    with place_on(server, tmp_path_factory.mktemp("place")) as place:
        place.reference, place.case = place.publish()
        place.followed = place.stranger("birch.example")
        place.follow(place.followed)
        place.theirs = remote_case(place.followed)
        place.take(place.followed, place.theirs, place.followed.act("Follow"))
        yield place
