import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import cases, vocabulary
from federation.errors import ActivityMalformed, ActorMismatch, Rejected
from governance.cases import State
from tests.federation.wire import (
    CASE,
    GROUP,
    PUBLIC,
    STATUS,
    STRANGER,
    STREETLIGHT,
    activity,
    moment,
    note,
    wire,
)

CREATED = wire("public-case-create")
GONE = {State.DISCARDED, State.ERASED}


def read_post(**more):
    return cases.read_post(vocabulary.read(activity(**more), b""))


def test_a_public_case_is_made_known_as_on_the_wire():
    made = cases.create(STREETLIGHT, iri=CREATED["id"], at=STREETLIGHT.published)

    assert made == CREATED


def test_taking_a_case_back_is_said_as_on_the_wire():
    deleted = wire("public-delete")
    at = moment(deleted["published"])

    assert cases.delete(CASE, group=GROUP, iri=deleted["id"], at=at) == deleted
    assert cases.tombstone(CASE, at=at) == {
        "@context": deleted["@context"],
        **deleted["object"],
    }


def test_a_change_says_when_and_keeps_when_it_began():
    later = STREETLIGHT.published + timedelta(hours=5)
    changed = replace(STREETLIGHT, state=State.RESOLVED, changed=later)

    made = cases.update(changed, iri=CREATED["id"], at=later)

    assert made["type"] == "Update"
    assert made["published"] == made["object"]["updated"] == "2026-12-01T14:00:00Z"
    assert made["object"]["published"] == "2026-12-01T09:00:00Z"
    assert made["object"]["fm:caseStatus"] == "fm:resolved"


def test_a_case_is_served_as_it_is_sent():
    served = cases.document(STREETLIGHT)

    assert served == {"@context": CREATED["@context"], **CREATED["object"]}


def test_every_state_that_others_hear_of_has_a_word():
    assert set(State) - set(cases.STATUSES) == GONE


def test_a_members_words_are_never_markup():
    made = cases.note(replace(STREETLIGHT, title="<b>&", words="<script>\n\n</p>a & b"))

    assert made["content"].startswith(
        "<p><strong>&lt;b&gt;&amp;</strong></p>"
        "<p>&lt;script&gt;</p><p>&lt;/p&gt;a &amp; b</p>"
    )


def test_our_own_case_can_be_read_by_a_node_of_ours():
    post = cases.read_post(vocabulary.parse(vocabulary.dump(CREATED)))

    assert (post.author, post.name) == (GROUP, STREETLIGHT.title)
    assert post.text == (
        "Streetlight out on Mill Lane\n\nOut since 3 November, reported twice.\n\n"
        "#lighting (https://a.example/tags/lighting)"
    )
    assert post.public
    assert post.thread == f"{CASE}/thread"


def test_a_strangers_post_keeps_its_source_beside_what_is_shown():
    source = "<p onclick='x'>Same on <b>Weir</b> Street.</p><script>alert(1)</script>"

    post = cases.read_note(note(content=source))

    assert post.source == source
    assert post.html == "<p>Same on Weir Street.</p>"
    assert post.text == "Same on Weir Street."
    assert (post.id, post.author, post.in_reply_to) == (STATUS, STRANGER, CASE)


def test_a_post_in_one_language_only_is_read_in_it():
    post = cases.read_note(note(content=None, contentMap={"de": "<p>Auch hier.</p>"}))

    assert post.text == "Auch hier."


@pytest.mark.parametrize("key", ["fm:sealed", "fm:consent"])
def test_what_looks_private_is_no_post(key):
    with pytest.raises(ActivityMalformed):
        read_post(object=note(**{key: {}}))


@pytest.mark.parametrize(
    "other",
    [
        "https://c.example/users/dov",
        [STRANGER, GROUP],
        {"id": GROUP, "type": "Group"},
        [GROUP],
    ],
)
def test_a_post_by_another_than_its_sender_is_refused(other):
    with pytest.raises((ActorMismatch, ActivityMalformed)):
        read_post(object=note(attributedTo=other))


def test_an_embedded_author_counts_by_id():
    assert read_post(object=note(attributedTo=[{"id": STRANGER}])).author == STRANGER


@pytest.mark.parametrize("key", ["id", "attributedTo", "type"])
def test_a_post_has_an_id_an_author_and_a_type(key):
    with pytest.raises(ActivityMalformed):
        cases.read_note(note(**{key: None}))


def test_a_post_with_too_much_of_something_is_refused():
    with pytest.raises(ActivityMalformed):
        cases.read_note(note(tag=[{"type": "Mention", "href": GROUP}] * 51))


def test_a_post_that_did_not_come_along_is_not_read():
    with pytest.raises(ActivityMalformed):
        read_post(object=STATUS)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://elsewhere.example/1", "https://elsewhere.example/1"),
        ([{"type": "Link", "href": "https://c.example/1"}], "https://c.example/1"),
        (["javascript:x", "https://c.example/2"], "https://c.example/2"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:ada@c.example", None),
        ({"href": 7}, None),
        (None, None),
    ],
)
def test_only_an_address_of_the_web_is_a_page(url, page):
    assert cases.read_note(note(url=url)).page == page


@pytest.mark.parametrize("year", ["9999", "0000", "-1"])
def test_a_post_from_an_impossible_year_has_no_time(year):
    assert cases.read_note(note(published=f"{year}-01-01T00:00:00Z")).published is None


def test_mentions_and_attachments_are_counted_and_not_opened():
    post = cases.read_note(
        note(
            tag=[{"type": "Mention", "href": GROUP}, {"type": "Mention"}, "x"],
            attachment=[{"type": "Image", "url": "https://c.example/1.png"}],
        )
    )

    assert post.mentions == (GROUP,)
    assert post.attachments == 1


def test_a_post_to_followers_is_not_public():
    assert not cases.read_note(note(to=[f"{STRANGER}/followers"], cc=[])).public
    assert cases.read_note(note(to=[], cc=[PUBLIC])).public


@given(
    st.sampled_from(sorted(note())),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda below: st.lists(below) | st.dictionaries(st.text(max_size=4), below),
        max_leaves=6,
    ),
)
def test_a_post_with_anything_in_one_place_is_read_or_refused(key, value):
    try:
        post = cases.read_note(note(**{key: value}))
    except Rejected:
        return

    assert json.dumps([post.id, post.author, post.html, post.text, post.name])
