import pytest

from node import start
from node.start import founding
from tests.support.village import Village
from tests.web.conftest import House
from tests.web.reader import HERE

ANSWERS = {
    "name": "Elm Street Moot",
    "zone": "Europe/London",
    "areas": "Castle\nMill Hill\n\nCastle\nÖstra\n",
    "phone": "020 7946 0412",
    "steward": "Dov",
    "contact": "dov@ash.example",
}


@pytest.fixture
def unopened(tmp_path):
    village = Village(tmp_path)
    node = village.build(HERE)
    founding.found(node, None)
    yield House(village, node)
    village.close()


def door(house):
    return start.setup_url(house.node).removeprefix(HERE)


def test_the_doors_open_once(unopened):
    address = door(unopened)
    steward = unopened.reader()
    steward.open(address)

    steward.send(address, **ANSWERS)

    assert "The doors are open." in steward.text
    unopened.reader().open(address, status=410)
    steward.open("/tell/1")
    steward.send("/tell/1", text="Something.")
    assert all(name in steward.text for name in ("Castle", "Mill Hill", "Östra"))
    steward.open("/")
    assert "Elm Street Moot" in steward.text
    assert "020 7946 0412" in steward.text


def test_before_that_the_front_page_says_how_to_open_them(unopened):
    guest = unopened.reader()

    guest.open("/")

    assert "folkmoot setup-url" in guest.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"steward": ""}, "steward"),
        ({"contact": ""}, "contact"),
        ({"contact": "dov"}, "contact"),
        ({"zone": "Elm/Street"}, "zone"),
        ({"slug": "Elm Street!"}, "slug"),
        ({"mail": "help"}, "mail"),
        ({"areas": "x" * 200}, "areas"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(unopened, wrong, field):
    address = door(unopened)
    steward = unopened.reader()
    steward.open(address)

    steward.send(address, status=422, **{**ANSWERS, **wrong})

    assert f'href="#{field}"' in steward.html
    assert 'value="020 7946 0412"' in steward.html


def test_an_address_ends_after_an_hour(unopened):
    address = door(unopened)
    unopened.village.pass_time(minutes=61)

    unopened.reader().open(address, status=410)


def test_a_guessed_address_opens_nothing(unopened):
    guest = unopened.reader()

    guest.open("/setup/guessed", status=410)

    assert "This link has ended" in guest.text
