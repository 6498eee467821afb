"""What the pages of a node without a mail relay promise: no mail."""

from dataclasses import replace

import pytest

from node import start
from tests.support.village import Village
from tests.web.reader import HERE, Reader
from web.app import create_app

PROMISES = ("We send you a link", "Send me a link", "Links to sign in go there.")


@pytest.fixture
def silent(house):
    """A browser at the same node, without its relay."""
    return Reader(create_app(replace(house.node, mail=None), testing=True))


def test_nobody_is_promised_a_link_that_cannot_leave(house, silent):
    silent.open("/sign-in")

    assert "This node sends no mail" in silent.text
    assert not [one for one in PROMISES if one in silent.text]
    reader = house.reader()
    reader.open("/sign-in")
    assert "Send me a link" in reader.text
    assert "sends no mail" not in reader.text


@pytest.mark.parametrize("mails", [True, False])
def test_the_first_steward_learns_whether_links_can_reach_them(tmp_path, mails):
    village = Village(tmp_path)
    node = village.build(HERE)
    start.found(node, None)
    path = start.setup_url(node).removeprefix(HERE)
    node = node if mails else replace(node, mail=None)
    reader = Reader(create_app(node, testing=True))

    reader.open(path)
    village.close()

    assert ("Links to sign in go there." in reader.text) is mails
    assert ("This node sends no mail yet" in reader.text) is not mails
