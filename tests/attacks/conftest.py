"""A node on SQLite, with something to attack, for the rows of one file."""

import pytest

from tests.support.door import Place
from tests.support.knocking import remote_case
from tests.support.village import Village


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A node with a public case, that follows somebody and knows a case of theirs."""
    place = Place(Village(tmp_path_factory.mktemp("place")))
    place.reference, place.case = place.publish()
    place.followed = place.stranger("birch.example")
    place.follow(place.followed)
    place.theirs = remote_case(place.followed)
    place.take(place.followed, place.theirs, place.followed.act("Follow"))
    yield place
    place.village.close()
