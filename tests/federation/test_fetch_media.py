import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.fetch import Kind
from federation.fetch.media import fits

AS2 = "https://www.w3.org/ns/activitystreams"


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("application/activity+json", Kind.ACTIVITY),
        ("Application/Activity+JSON; Charset=UTF-8", Kind.ACTIVITY),
        ("application/activity+json;charset=utf-8;", Kind.ACTIVITY),
        (f'application/ld+json; profile="{AS2}"', Kind.ACTIVITY),
        (f'application/ld+json; charset=utf-8 ; Profile="x:y {AS2}"', Kind.ACTIVITY),
        ("application/jrd+json; charset=utf-8", Kind.WEBFINGER),
        ("application/json", Kind.WEBFINGER),
        ('application/json; profile="http://x/ns/2.1#"; charset=utf-8', Kind.NODEINFO),
        ("text/plain; charset=utf-8", Kind.NOTE),
        ("application/octet-stream", Kind.TILE),
    ],
)
def test_the_right_type_is_read(content_type, kind):
    assert fits(content_type, kind)


# A11 of the attack suite.
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/html",
        "text/plain; charset=utf-8",
        "image/svg+xml",
        "application/json",
        "application/jrd+json",
        "application/ld+json",
        'application/ld+json; profile="https://www.w3.org/ns/json-ld#expanded"',
        f'application/ld+json; x="profile={AS2}"',
        f'application/ld+json; profile="{AS2}x"',
        "text/html; profile=application/activity+json",
        'text/html; x="application/activity+json"',
        "text/html, application/activity+json",
        "application/activity+json, text/html",
        "application/activity+json text/html",
        "application/activity+jsonx",
        "xapplication/activity+json",
        'application/activity+json; x="',
        "application/activity+json" + ";" * 600,
    ],
)
def test_an_activity_of_another_type_is_not_read(content_type):
    assert not fits(content_type, Kind.ACTIVITY)


@pytest.mark.parametrize("kind", [Kind.WEBFINGER, Kind.NODEINFO, Kind.NOTE, Kind.TILE])
def test_what_finds_actors_is_no_actor(kind):
    assert not fits("application/activity+json", kind)
    assert not fits("text/html", kind)


@pytest.mark.parametrize("kind", Kind)
def test_each_type_that_is_asked_for_is_read(kind):
    assert all(fits(one, kind) for one in kind.accept.split(", "))


@given(
    st.text('application/activity+json;="\\ \t,', max_size=600), st.sampled_from(Kind)
)
def test_any_type_is_answered_with_yes_or_no(content_type, kind):
    assert fits(content_type, kind) in {True, False}
