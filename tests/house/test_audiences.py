"""Every form that takes words or files says who will see them, before its button."""

import re

import pytest

from tests.house.reading import ROOT

TEMPLATES = ROOT / "web" / "templates"
#: Where something is typed or chosen: a text, a file, or one line of free words.
TAKES = (
    r"forms\.(?P<kind>area|field)\(form, words, (?P<name>[^,]+)"
    r"(?P<rest>(?:(?!\}\}).)*)"
    r"|(?P<file>files\.control|brought\.control)\("
    r"|<(?P<raw>textarea|input[^>]*type=\"file\")"
)
SAYS = r"(?P<says>forms\.seen\()"
#: A form, or the part of one that a macro is called with, is over.
ENDS = r"(?P<ends></form>|\{%-? endcall|\{%-? endmacro)"
SIGNS = re.compile(f"{TAKES}|{SAYS}|{ENDS}")
#: What a line holds that is no free words: a day, a number, a code, a password.
NO_WORDS = re.compile(r"type=\"|inputmode=\"|one-time-code")

#: Forms that take no words of a person or about one, and why.
OTHERWISE = {
    ("absences/index.html", "languages"): "which languages somebody speaks",
    ("accounts/notices.html", "zone"): "a time zone",
    ("accounts/security.html", "label"): "what one calls a device of one's own",
    ("accounts/sign_in.html", "contact"): "who signs in",
    ("cases/keep.html", "words"): "a key: the four words",
    ("cases/track.html", "reference"): "a key: the number",
    ("cases/track.html", "words"): "a key: the four words",
    ("desk/case.html", "obtained"): "the macro `one` says it behind this",
    ("neighbours/name.html", "handle"): "says that it is public around it",
    ("neighbours/name.html", "name"): "says that it is public around it",
    ("neighbours/own.html", "name"): "says that it is public around it",
    ("parts/erase.html", "words"): "a key: the four words",
    ("parts/files.html", "raw"): "the control itself; its form says it",
    ("parts/forms.html", "raw"): "the fields themselves; their form says it",
    ("parts/teams.html", "name"): "what a team is called",
    ("parts/verifier.html", "raw"): "never leaves the browser",
    ("peers/index.html", "account"): "a community",
    ("peers/index.html", "host"): "a server",
    ("peers/index.html", "name"): "says that it is public around it",
    ("peers/index.html", "place"): "says that it is public around it",
    ("peers/show.html", "why"): "about a server",
    ("roles/index.html", "who"): "a contact to look up",
    ("start/setup.html", "*"): "nobody is here yet",
    ("texts/show.html", "ref"): "the reference of a case",
    ("witnesses/index.html", "who"): "addresses of servers",
    ("witnesses/review.html", "raw"): "addresses of servers",
}


def silent(text):
    """Return what a template takes without saying who will see it."""
    found, open_ = [], []
    for sign in SIGNS.finditer(text):
        if sign["says"]:
            open_ = []
        elif sign["ends"]:
            found, open_ = found + open_, []
        elif sign["file"]:
            open_.append("files")
        elif sign["raw"]:
            open_.append("raw")
        elif sign["kind"] == "area" or not NO_WORDS.search(sign["rest"]):
            open_.append(sign["name"].strip('"'))
    return found


def names():
    return sorted(
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
    )


@pytest.mark.parametrize("name", names())
def test_a_form_that_takes_words_says_who_will_see_them(name):
    found = silent((TEMPLATES / name).read_text(encoding="utf-8"))

    if (name, "*") not in OTHERWISE:
        assert [one for one in found if (name, one) not in OTHERWISE] == []


def test_no_form_is_left_out_that_says_it_or_is_gone():
    found = {
        (name, one)
        for name in names()
        for one in ["*", *silent((TEMPLATES / name).read_text(encoding="utf-8"))]
    }

    assert set(OTHERWISE) <= found


FORM = (
    '<form>{{ forms.area(form, words, "story", _("Tell it")) }}\n'
    '{{ forms.field(form, words, "day", _("When?"), type="date") }}\n%s</form>'
)


@pytest.mark.parametrize(
    ("line", "found"),
    [("", ["story"]), ("{{ forms.seen(readers) }}\n", [])],
)
def test_the_line_is_looked_for_in_the_form_itself(line, found):
    assert silent(FORM % line) == found
    # One form's line is not another's.
    assert silent("{{ forms.seen(readers) }}" + FORM % line) == found


@pytest.mark.parametrize(
    "control",
    [
        "{{ files.control(form) }}",
        '<input name="it" type="file">',
        '<textarea name="it">',
        '{{ forms.field(form, words, "why", _("Why?"), required=true) }}',
    ],
)
def test_files_and_single_lines_count_as_words_do(control):
    assert silent(f"<form>{control}</form>") != []
