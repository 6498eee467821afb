import json
from uuid import uuid4

import pytest

from governance.cases import State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    LanguageInvalid,
    NotFound,
    WrongState,
)
from governance.texts import Medium, TemplateInvalid, VariableMissing
from node import cases, texts, threads
from node.texts import Draft
from node.threads import Words
from tests.support.commands import typed

TEXT = "Hello {member_name}, your case is {reference}."


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example", name="Ada Low", language="en")
    moot.bring(made, State.WORKING)
    return made


def propose(moot, text=TEXT, by="iris", **given):
    draft = {"name": "Hello", "medium": Medium.MAIL, "language": "en", **given}
    return texts.propose(moot.node, Draft(text=text, **draft), by=moot[by])


def used(moot, text=TEXT, **more):
    id_ = propose(moot, text, **more)
    texts.approve(moot.node, id_, by=moot["olga"])
    return id_


def filled(moot, made, name="Hello", by="cleo"):
    return texts.fill_in(moot.node, made.reference, name, by=moot[by])


def states(moot):
    return [(it.version, it.state) for it in texts.every(moot.node, by=moot["iris"])]


@pytest.mark.capability("2.13")
def test_a_template_is_filled_in_with_what_the_case_says(moot, made):
    used(moot)

    found = filled(moot, made)

    assert found.text == f"Hello Ada Low, your case is {made.reference}."
    assert texts.names(moot.node) == ("Hello",)


def test_nobody_uses_what_one_person_alone_proposed(moot, made):
    id_ = propose(moot)
    assert texts.names(moot.node) == ()
    with pytest.raises(ChoiceInvalid):
        filled(moot, made)

    with pytest.raises(Denied):
        texts.approve(moot.node, id_, by=moot["iris"])
    for _ in range(2):
        texts.approve(moot.node, id_, by=moot["olga"])

    assert states(moot) == [(1, "used")]


@pytest.mark.parametrize("who", ["cleo", "ada", "finn"])
def test_only_who_may_approve_looks_after_templates(moot, who):
    id_ = propose(moot)

    for act in (
        lambda _: propose(moot, by=who),
        lambda by: texts.every(moot.node, by=by),
        lambda by: texts.approve(moot.node, id_, by=by),
        lambda by: texts.retire(moot.node, id_, by=by),
    ):
        with pytest.raises(Denied):
            act(moot[who])


def test_what_is_missing_in_the_case_is_refused_by_its_name(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    used(moot)

    with pytest.raises(VariableMissing) as refusal:
        filled(moot, made)

    assert refusal.value.values == {"names": "member_name"}


def test_a_case_that_one_may_not_know_of_fills_nothing_in(moot, made):
    used(moot)

    with pytest.raises(NotFound):
        filled(moot, made, by="eve")


def test_the_language_of_the_case_comes_first_then_the_communitys(moot):
    made = moot.tell(language="es", name="Ana")
    moot.bring(made, State.WORKING)
    used(moot)
    used(moot, "Bonjour {member_name}.", language="fr")
    assert filled(moot, made).language == "en"
    assert filled(moot, made).fell_back

    used(moot, "Hola {member_name}.", language="es-MX")

    found = filled(moot, made)
    assert (found.text, found.fell_back) == ("Hola Ana.", False)


def test_without_any_language_that_is_wished_for_another_stands_in(moot, made):
    used(moot, "Bonjour {member_name}.", language="fr")

    assert filled(moot, made).language == "fr"


def test_another_way_is_another_template(moot, made):
    used(moot)
    used(moot, "Case {reference}.", medium=Medium.SMS)

    found = texts.fill_in(
        moot.node, made.reference, "Hello", by=moot["cleo"], medium=Medium.SMS
    )

    assert found.text == f"Case {made.reference}."
    assert filled(moot, made).text.startswith("Hello")


def test_a_new_version_takes_the_place_of_the_old_one_once_approved(moot, made):
    used(moot)
    id_ = propose(moot, "Dear {member_name}.")
    assert filled(moot, made).text.startswith("Hello")

    texts.approve(moot.node, id_, by=moot["olga"])

    assert filled(moot, made).text == "Dear Ada Low."
    assert states(moot) == [(2, "used"), (1, "replaced")]


def test_what_is_retired_is_used_no_more_and_brings_back_nothing_older(moot, made):
    used(moot)
    id_ = used(moot, "Dear {member_name}.")
    for _ in range(2):
        texts.retire(moot.node, id_, by=moot["iris"])

    assert states(moot) == [(2, "retired"), (1, "retired")]
    assert texts.names(moot.node) == ()
    used(moot, "Again, {member_name}.")
    assert filled(moot, made).text == "Again, Ada Low."


def test_a_proposal_that_is_retired_leaves_what_is_in_use(moot, made):
    used(moot)
    id_ = propose(moot, "Dear {member_name}.")
    texts.retire(moot.node, id_, by=moot["iris"])

    with pytest.raises(WrongState):
        texts.approve(moot.node, id_, by=moot["olga"])
    assert filled(moot, made).text.startswith("Hello")


def test_what_was_sent_stays_whatever_becomes_of_its_template(moot, made):
    id_ = used(moot)
    found = filled(moot, made)
    words = Words(uuid4(), found.text, began=found.version_id)
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    digest = texts.show(moot.node, id_, by=moot["iris"]).digest

    used(moot, "Dear {member_name}.")
    texts.retire(moot.node, id_, by=moot["iris"])

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert found.text in [one.text for one in view.timeline]
    entry = next(it for it in moot.entries(made) if it.kind == "reply")
    shown = dict(entry.disclosed)
    assert (shown["template"], shown["text"]) == (digest, found.text)


def test_a_reply_that_began_with_nothing_that_was_approved_is_refused(moot, made):
    for began in (uuid4(), propose(moot)):
        words = Words(uuid4(), "Hello.", began=began)
        with pytest.raises(ChoiceInvalid):
            threads.reply(moot.node, made.reference, words, by=moot["cleo"])


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": "{secret}"}, TemplateInvalid),
        ({"name": " "}, ChoiceInvalid),
        ({"name": "n" * 61}, ChoiceInvalid),
        ({"language": "no language"}, LanguageInvalid),
    ],
)
def test_what_cannot_be_a_template_is_not_kept(moot, given, refusal):
    with pytest.raises(refusal):
        propose(moot, **given)
    assert texts.every(moot.node, by=moot["iris"]) == ()


def test_a_version_is_previewed_with_made_up_values_and_in_a_case(moot, made):
    id_ = propose(moot, "{advocate_name}, {received}, {due}.")
    version = texts.show(moot.node, id_, by=moot["iris"])

    shown = texts.preview(moot.node, version, made.reference, by=moot["iris"])
    assert shown.startswith("Cleo, March 2, 2026")
    assert "Kim Example" in texts.example(moot.node, version.text, "en")
    with pytest.raises(NotFound):
        texts.show(moot.node, uuid4(), by=moot["iris"])
    with pytest.raises(NotFound):
        texts.approve(moot.node, uuid4(), by=moot["iris"])


def test_whoever_runs_the_node_sees_what_is_in_use_and_nothing_else(moot):
    assert "0 versions" in typed(moot, "templates", "list").stderr
    used(moot)
    used(moot, "Dear {member_name}.", language="fr")
    propose(moot, name="Other")

    lines = typed(moot, "templates", "list").stdout
    rows = json.loads(typed(moot, "templates", "list", "--json").stdout)

    assert [(row["name"], row["language"]) for row in rows] == [
        ("Hello", "en"),
        ("Hello", "fr"),
    ]
    assert rows[0]["digest"] in lines
