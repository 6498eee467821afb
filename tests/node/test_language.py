import re

import pytest
from babel.messages.pofile import read_po

from governance.errors import NotFound, WordsTooLong
from node import language
from tests.browser import pseudo
from tests.house.messages import extracted

NAMED = re.compile(r"%\((\w+)\)s")
PLACEHOLDER = re.compile(r"%(\(\w+\))?[a-zA-Z%]")


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return language.read(pseudo.build(tmp_path_factory.mktemp("languages")))


def catalogues():
    return sorted(language.SHIPPED.glob("*.po"))


def messages(path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def test_the_language_of_the_messages_comes_first():
    assert next(iter(language.shipped())) == language.SOURCE


def test_a_message_nobody_translated_is_said_as_it_was_written():
    english = language.shipped()["en"]

    assert english.gettext("Nobody ever wrote this") == "Nobody ever wrote this"
    assert english.ngettext("%(num)s case", "%(num)s cases", 2) == "%(num)s cases"


def test_languages_say_their_own_name_and_direction(everything):
    assert everything["en"].name == "English"
    assert everything["en"].direction == "ltr"
    assert everything["ar-XB"].direction == "rtl"


def test_pseudo_languages_say_everything_in_their_way(everything):
    assert "Désk" in everything["en-XA"].gettext("Desk")
    assert everything["ar-XB"].gettext("Desk") == "\u202eDesk\u202c"


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [
        (["es"], "es"),
        (["ES"], "es"),
        (["es-MX"], "es"),
        (["zh-Hans"], "zh-Hans"),
        (["zh_Hans_CN"], "zh-Hans"),
        (["zh"], "zh-Hans"),
        ([None, "", "tlh", "es", "en"], "es"),
        (["tlh"], None),
        (["../../etc/passwd"], None),
        ([], None),
    ],
)
def test_the_first_wish_that_can_be_met_is_met(wishes, chosen):
    assert language.choose(wishes, ["en", "es", "zh-Hans"]) == chosen


def test_a_refusal_without_translation_is_said_in_english():
    english = language.shipped()["en"]

    assert language.reason(NotFound("Nothing here."), english) == "Nothing here."


def test_a_refusal_is_said_in_the_language_with_its_values(tmp_path):
    (tmp_path / "es.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "refusal.invalid.words-too-long"\n'
        'msgstr "Más de %(limit)s letras."\n\n'
        'msgid "refusal.not-found"\nmsgstr "No hay %(what)s."\n'
    )
    spanish = language.read(tmp_path)["es"]

    too_long = WordsTooLong("More than 5.", limit=5)
    assert language.reason(too_long, spanish) == "Más de 5 letras."
    assert language.reason(NotFound("Nothing."), spanish) == "Nothing."


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_a_shipped_language_is_complete(path):
    if path.stem == language.SOURCE:
        return
    missing = [message.id for message in messages(path) if not all(said(message))]
    doubtful = [message.id for message in messages(path) if message.fuzzy]

    assert not missing
    assert not doubtful


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_a_translation_names_only_values_there_are(path):
    for message in messages(path):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        known = {name for id_ in ids for name in NAMED.findall(id_)}
        for text in said(message):
            assert set(NAMED.findall(text)) <= known, message.id


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_a_language_knows_exactly_the_messages_there_are(path):
    assert {message.id for message in messages(path)} == said_anywhere()


def test_the_template_of_catalogues_is_up_to_date():
    known = messages(language.SHIPPED / "messages.pot")

    assert {message.id for message in known} == said_anywhere()


def test_every_sign_of_per_cent_names_a_value():
    for message in messages(language.SHIPPED / "messages.pot"):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for found in (
            match.group() for id_ in ids for match in PLACEHOLDER.finditer(id_)
        ):
            assert NAMED.fullmatch(found) or found == "%%", message.id


def said(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def said_anywhere():
    return {message.id for message in extracted() if message.id}
