import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import markup
from federation.errors import ActivityMalformed

PIECES = [
    *(
        "<p>",
        "</p>",
        "<br>",
        "<a href='https://c.example/1'>",
        "</a>",
        "<ul><li>",
        "<pre>",
    ),
    *("<script>", "</script>", "<svg onload=alert(1)>", "<math><mtext>", "<style>"),
    *(
        "<img src=x onerror=alert(1)>",
        "<a href=javascript:alert(1)>",
        "<iframe srcdoc=",
    ),
    *(
        "<a href='JaVa\nScript:alert(1)'>",
        "<noscript>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
    ),
    *(
        "<a href='&#106;avascript:x'>",
        "<span style=x class=y id=z onclick=w>",
        "<template>",
    ),
    *(
        "<form><input name=x>",
        "<table><td>",
        "<title>",
        "<textarea>",
        "&lt;script&gt;",
        '"',
    ),
    *("'", "<", ">", "&", "\u2028", "\u202e", "text", "=", "/", " ", "\n", "onload="),
]
html = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.other = set(), [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *each) for each in attrs]

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(html)
def test_nothing_that_runs_loads_or_restyles_is_left(source):
    seen = Seen(markup.clean(source))

    assert seen.tags <= markup.TAGS
    assert not seen.other
    for tag, name, value in seen.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel")}
        if name == "rel":
            assert value == "nofollow noopener noreferrer"
        else:
            assert re.match(r"(https?://|mailto:)", value)


@given(html)
def test_what_was_cleaned_is_clean(source):
    cleaned = markup.clean(source)

    assert markup.clean(cleaned) == cleaned


def test_our_own_words_are_never_markup():
    assert list(markup.paragraphs("<b>a\nb\n \n&lt;")) == [
        "<p>&lt;b&gt;a<br>b</p>",
        "<p>&amp;lt;</p>",
    ]
    assert list(markup.paragraphs(" \n")) == []


@given(st.text(max_size=60))
def test_our_own_words_come_back_from_html(words):
    written = "".join(markup.paragraphs(words))

    assert Seen(written).tags <= {"p", "br"}
    assert markup.plain(written).split() == Told(words).split()


def Told(words):  # noqa: N802 - reads as what is said of the words
    # HTML has no NUL, and one kind of line end.
    return words.replace("\r\n", "\n").replace("\0", "")


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("<p class='x' style='y' id='z'>a</p>", "<p>a</p>"),
        ("<script>alert(1)</script>a", "a"),
        ("<img src='https://c.example/1.png' onerror='x'>a", "a"),
        ("<h1>a</h1><b>b</b>", "ab"),
        ("<a href='javascript:alert(1)'>a</a>", "a"),
        ("<a href='data:text/html,x'>a</a>", "a"),
        ("<a href='/sign-out'>a</a>", "a"),
        ("<a href='//evil.example'>a</a>", "a"),
        ("<a href='https://bank.example@evil.example'>a</a>", "a"),
        ("<a href='tel:112'>a</a>", "a"),
        ("<span onclick='x'>a</span>", "<span>a</span>"),
    ],
)
def test_what_stays_is_on_the_list(source, cleaned):
    assert re.sub(r"</?a\b[^>]*>", "", markup.clean(source)) == cleaned
    assert "href" not in markup.clean(source)


def test_links_say_nothing_about_where_they_are():
    cleaned = markup.clean("<a href='https://c.example/1' target='_blank'>a</a>")

    assert cleaned == (
        '<a href="https://c.example/1" rel="nofollow noopener noreferrer">a</a>'
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<p>a\n  b</p><pre>c\n  d</pre>", "a b\n\nc\n  d"),
        (
            "<p>see <a href='https://c.example/1'>this</a></p>",
            "see this (https://c.example/1)",
        ),
        (
            "<a href='https://c.example/1'>https://c.example/1</a>",
            "https://c.example/1",
        ),
        ("a &lt;b&gt; &amp;amp; <script>c</script>", "a <b> &amp;"),
        ("", ""),
    ],
)
def test_html_is_told_as_plain_text(source, said):
    assert markup.plain(source) == said


def test_a_text_with_too_many_tags_is_refused_before_it_costs():
    markup.clean("<br>" * markup.MOST_TAGS)

    with pytest.raises(ActivityMalformed):
        markup.clean("<li><ul>" * markup.MOST_TAGS)


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "data:text/html,a", "https://", "https:evil.example"),
        *(
            "//c.example/1",
            "/sign-out",
            "https://a@b.example/",
            "https://c.example\\@d",
        ),
        *("https://[::1", "https://c.example/ 1", "https://c.example/\n", "", None, 7),
        *("ftp://c.example/", "java\tscript:alert(1)", "https://c.example/\u202e"),
    ],
)
def test_an_address_that_is_not_what_it_seems_is_no_link(address):
    assert markup.link(address) is None


@pytest.mark.parametrize(
    "address", ["https://c.example/1?a=b#c", "http://c.example", "mailto:ada@c.example"]
)
def test_a_plain_address_is_a_link(address):
    assert markup.link(address) == address
