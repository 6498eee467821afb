from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from governance.errors import ContactInvalid, WordsTooLong
from governance.submissions import WORDS_LIMIT
from web.schemas import accounts, api, cases, desk, home, neighbours, start, submissions
from web.schemas.form import DOOR, Form, read, refused

ALL = [
    accounts.AskLink,
    accounts.Code,
    accounts.PasskeyAnswer,
    cases.Decide,
    cases.Reopen,
    cases.Track,
    cases.Write,
    desk.Ask,
    desk.Assign,
    desk.Decline,
    desk.Reply,
    desk.Resolve,
    desk.Triage,
    home.Look,
    home.Speak,
    neighbours.Answer,
    neighbours.Follow,
    neighbours.PublicName,
    neighbours.Publish,
    neighbours.Treat,
    neighbours.Unfollow,
    neighbours.Verdict,
    start.Setup,
    submissions.Reach,
    submissions.What,
    submissions.Where,
    submissions.Who,
]
WORDS = {"date", "missing", "long", "characters", "choice", "number", "invalid"}


@pytest.mark.parametrize("schema", ALL, ids=lambda schema: schema.__name__)
def test_a_field_nobody_asked_for_is_an_error(schema):
    sent = read(schema, {"smuggled": "yes"})

    assert "smuggled" in sent.form.errors


@pytest.mark.parametrize("schema", ALL, ids=lambda schema: schema.__name__)
def test_what_the_door_asked_for_is_none_of_the_forms_business(schema):
    sent = read(schema, dict.fromkeys(DOOR, "x"))

    assert not DOOR & sent.form.errors.keys()
    assert not DOOR & sent.form.values.keys()


@given(
    schema=st.sampled_from([one for one in ALL if one is not accounts.PasskeyAnswer]),
    data=st.data(),
)
def test_every_problem_has_one_of_seven_names(schema, data):
    fields = sorted(schema().fields)
    typed = data.draw(
        st.dictionaries(
            st.sampled_from(fields), st.text(max_size=50), max_size=len(fields)
        )
    )

    sent = read(schema, typed)

    assert set(sent.form.errors.values()) <= WORDS
    assert dict(sent.form.values) == typed


def test_words_are_kept_to_the_letter():
    typed = {"text": "  \n\tOne.\r\n Two.  "}

    assert read(submissions.What, typed).found["text"] == typed["text"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "missing"),
        (" \n", "missing"),
        ("x" * (WORDS_LIMIT + 1), "long"),
        ("a\x00b", "characters"),
        ("a\ud800b", "characters"),
    ],
)
def test_what_is_wrong_with_words_has_a_name(text, problem):
    assert read(submissions.What, {"text": text}).form.errors == {"text": problem}


@pytest.mark.parametrize(
    "contact",
    ["ada@ash.example", "020 7946 0412", "+44 (0)20 7946-0412", "Ada@ASH.example "],
)
def test_mail_and_telephone_both_reach_people(contact):
    typed = {"reach": "contact", "contact": contact}

    assert read(submissions.Reach, typed).good


@pytest.mark.parametrize("contact", ["ada@", "@ash", "12", "call me", "a@b@c", "+"])
def test_what_reaches_nobody_is_named(contact):
    typed = {"reach": "contact", "contact": contact}

    assert read(submissions.Reach, typed).form.errors == {"contact": "invalid"}


def test_somebody_who_comes_back_by_themselves_gives_no_contact():
    typed = {"reach": "words", "contact": "half typed"}

    assert read(submissions.Reach, typed).good


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"cost": "amount", "amount": " 1200 ", "currency": "GBP"}, "1200 GBP"),
        ({"cost": "amount", "amount": "0,5", "currency": "EUR"}, "0.5 EUR"),
        ({"cost": "quantity", "quantity": "3", "unit": "visits"}, "3 visits"),
        ({"cost": "days", "days": "4"}, "4 days"),
        ({"cost": "none"}, "None"),
        ({}, "None"),
    ],
)
def test_a_cost_is_read_from_its_own_fields(typed, shown):
    assert str(submissions.cost(typed)) == shown


def test_a_cost_in_a_currency_nobody_knows_is_named_at_its_number():
    typed = {"text": "x", "cost": "amount", "amount": "5", "currency": "pounds"}

    assert read(submissions.What, typed).form.errors == {"amount": "number"}


def test_places_get_codes_of_their_own():
    found = read(
        start.Setup,
        {
            "name": "Elm",
            "steward": "Dov",
            "contact": "dov@ash.example",
            "areas": "Mill Hill\nMill-Hill\n北区\nMill Hill\n",
        },
    ).found

    assert start.answers(found)["areas"] == [
        {"code": "mill-hill", "name": "Mill Hill"},
        {"code": "place-2", "name": "Mill-Hill"},
        {"code": "place-3", "name": "北区"},
    ]


def test_a_form_says_the_words_of_its_page():
    form = Form({"text": "x"}, {"text": "missing", "area": "choice"})
    words = {"text.missing": "Tell us."}

    assert form.said("text", words) == "Tell us."
    assert form.said("area", words) == "choice"
    assert form.said("name", words) == ""
    assert form.value("text") == "x"
    assert form.value("name") == ""


def test_what_the_rules_say_stands_at_the_field():
    wrong = refused({"contact": "x"}, "contact", ContactInvalid("No address."))
    long = refused({}, "text", WordsTooLong("Too long.", limit=5))

    assert wrong.said("contact", {}) == "No address."
    assert wrong.said("contact", {"contact.contact": "Type one."}) == "Type one."
    assert long.said("text", {}) == "Too long."


def test_no_two_shapes_of_the_api_have_one_name():
    # The description of the API names each by its class: two would be one there.
    modules = (
        import_module(f"{api.__name__}.{it.name}") for it in iter_modules(api.__path__)
    )
    named = Counter(
        name
        for module in modules
        for name, it in vars(module).items()
        if isinstance(it, type)
        and issubclass(it, Schema)
        and it.__module__ == module.__name__
    )

    assert [name for name, times in named.items() if times > 1] == []
    assert len(named) > 100
