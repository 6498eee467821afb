import json
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from federation import markup
from node import advocates, inbox, neighbours, replies
from tests.support.door import got, place_on, visitor

PASTURE = Path(__file__).parents[1] / "vectors" / "pasture" / "inputs.json"
GROUPS = json.loads(PASTURE.read_text(encoding="utf-8"))
KINDS = ("Announce", "Delete", "Create", "Accept", "Follow", "Undo", "Update")
STATUS = {"name": "A case", "fm:caseStatus": "fm:open", "fm:caseNumber": "AB12"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with place_on("", tmp_path_factory.mktemp("pasture")) as place:
        yield place


@pytest.fixture(scope="module")
def public(place):
    """A public case: its reference, and its id."""
    return place.publish()


@pytest.fixture(scope="module")
def cleo(place):
    cleo = visitor(place.node, "cleo@ash.example", "advocate")
    advocates.open_actor(place.node, "cleo", "Cleo", by=cleo)
    return cleo


def test_the_whole_corpus_is_here():
    assert (len(GROUPS), sum(map(len, GROUPS.values()))) == (22, 262)


@pytest.mark.parametrize("group", GROUPS)
def test_a_reply_in_any_shape_gets_an_answer_and_is_shown_clean(place, public, group):
    reference, case = public
    eve = place.stranger()

    acts = [
        eve.act("Create", eve.note(**{"inReplyTo": case, **each}))
        for each in GROUPS[group]
    ]

    settled(place, eve, acts)
    for line in replies.listed(place.node, reference, by=place.ada):
        assert_clean(line.html)


@pytest.mark.parametrize("group", GROUPS)
def test_a_case_in_any_shape_gets_an_answer_and_is_shown_clean(place, cleo, group):
    eve = place.stranger()
    place.follow(eve)

    acts = [eve.act("Create", eve.note(**{**STATUS, **each})) for each in GROUPS[group]]
    acts += [eve.act("Update", act["object"]) for act in acts]

    settled(place, eve, acts)
    for line in neighbours.every(place.node, by=cleo):
        assert_clean(line.html)


@pytest.mark.parametrize("group", GROUPS)
def test_an_activity_in_any_shape_gets_an_answer(place, group):
    eve = place.stranger()

    acts = [
        {**eve.act(kind, eve.note(**each)), **without(each, "content")}
        for each, kind in zip(GROUPS[group], cycle(KINDS), strict=False)
    ]

    settled(place, eve, acts)


def test_what_ordinary_servers_send_is_kept(place, public):
    reference, case = public
    eve = place.stranger()
    sent = [
        eve.act("Create", eve.note(inReplyTo=case, **each))
        for group in ("attachments", "hashtags", "mentions", "html_tags")
        for each in GROUPS[group]
    ]

    settled(place, eve, sent)

    kept = {
        line.address for line in replies.listed(place.node, reference, by=place.ada)
    }
    assert f"@eve@{eve.origin.partition('//')[2]}" in kept
    assert [act["object"] for act in sent if got(place.node, act) is None] == []


def settled(place, eve, acts):
    """Send them all; act on what was taken; whatever goes wrong is raised here."""
    for act in acts:
        answer = eve.send(act)
        assert answer.status_code in {202, 400}, (answer.data, act)
        if answer.status_code == 202:
            inbox.handle(place.node, act["id"])
            assert got(place.node, act).state != "stored"
    place.work()


def without(example, name):
    return {key: it for key, it in example.items() if key != name}


class Shown(HTMLParser):
    """What a browser would find in some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def assert_clean(html):
    shown = Shown(html)
    assert shown.tags <= markup.TAGS
    assert {name for name, _ in shown.attributes} <= {"href", "rel"}
    for name, text in shown.attributes:
        assert name == "rel" or urlsplit(text).scheme in markup.SCHEMES
