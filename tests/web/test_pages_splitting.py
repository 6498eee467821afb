"""One message, several cases, through the real pages and the API."""

import re
from uuid import uuid4

import pytest

from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.conftest import TRIAGED, tell

HEATING = "The heating has been off for three weeks."
LAMP = "And the lamp in our street is broken."
STORY = f"{HEATING}\r\n{LAMP}\r\nPlease help."
REFERENCE = re.compile(r"AM-[0-9A-Z]{7}")


@pytest.fixture
def iris(house):
    members.join(house.node, "iris@ash.example", "coordinator")
    return house.member("iris@ash.example")


@pytest.fixture
def told(house):
    """Somebody with a telephone who told of two matters, and the reference."""
    reader = house.reader()
    tell(reader, STORY)
    return reader, REFERENCE.search(reader.text)[0]


def split(iris, piece=LAMP, status=200):
    iris.open("/desk/triage")
    iris.send("/desk/triage/split", status, piece=piece)


def other(iris, first):
    """Return the reference of the case that was made of a part."""
    return next(it for it in REFERENCE.findall(iris.text) if it != first)


def test_who_triages_deletes_what_does_not_belong_and_has_two_cases(iris, told):
    _, first = told
    iris.open("/desk/triage")
    (form,) = (it for it in iris.forms if it.action == "/desk/triage/split")
    assert form.values["piece"].splitlines() == STORY.splitlines()

    split(iris)

    assert "That part is a case of its own now" in iris.text
    assert f"Case {first} · 2 are waiting" in iris.text
    assert HEATING in iris.text
    second = other(iris, first)
    iris.send("/desk/triage", **TRIAGED)
    assert f"Case {second} · 1 is waiting" in iris.text
    assert LAMP in iris.text
    assert HEATING not in iris.text
    assert "This case is a part of what was told in another one" in iris.text


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("", "Mark the words that are a matter of their own"),
        (" \r\n ", "Mark the words that are a matter of their own"),
        ("The lamp is fine.", "These words do not stand in the message like this"),
        (STORY, "This is the whole message"),
    ],
)
@pytest.mark.usefixtures("told")
def test_what_is_no_part_of_it_is_said_beside_the_words(iris, piece, said):
    split(iris, piece, status=422)

    assert said in iris.text
    assert "1 is waiting" in iris.text
    assert '<details class="more" open>' in iris.html


@pytest.mark.usefixtures("told")
def test_what_was_typed_for_one_case_is_not_shown_at_another(house, iris):
    iris.open("/desk/triage")
    late = house.member("cleo@ash.example")
    late.open("/desk/triage")
    iris.send("/desk/triage", **TRIAGED)

    late.send("/desk/triage/split", 409, piece=LAMP)

    assert "That case waits here no longer." in late.text
    assert LAMP not in late.text


def test_who_has_only_the_link_of_the_whole_opens_both(iris, told):
    phone, first = told
    split(iris)
    second = other(iris, first)

    phone.open(f"/cases/{first}")

    assert "One message, several cases" in phone.text
    assert f"made a case of its own of a part of this: {second}" in phone.text
    (link,) = (it for it in phone.links if it.startswith("/c/"))
    phone.open(link)
    assert phone.path == f"/cases/{second}"
    assert f"made a case of its own of a part of case {first}" in phone.text
    assert "You told us" not in phone.text
    assert first not in "".join(phone.links)
    phone.open(f"/cases/{first}")


def test_who_erases_what_they_told_reads_that_it_goes_from_the_part_too(iris, told):
    phone, first = told
    phone.open(f"/cases/{first}/erase/0")
    assert "another case was made" not in phone.text
    split(iris)
    second = other(iris, first)

    for page in ("erase/0", "erase/all"):
        phone.open(f"/cases/{first}/{page}")
        assert f"another case was made: {second}" in phone.text


def test_a_part_goes_back_by_one_press_and_its_member_can_bring_it_back(iris, told):
    phone, first = told
    split(iris)
    second = other(iris, first)
    phone.open(f"/cases/{first}")
    (link,) = (it for it in phone.links if it.startswith("/c/"))
    phone.open(link)

    iris.send(f"/desk/cases/{first}/pieces/undo", piece=_piece(iris))

    assert "It is one case again." in iris.text
    assert "1 is waiting" in iris.text
    phone.open(f"/cases/{first}")
    assert f"put case {second} together again with this one" in phone.text
    phone.open(f"/cases/{second}")
    assert "Set aside" in phone.text
    phone.send(f"/cases/{second}/restore")
    assert "We have it" in phone.text


def _piece(reader):
    return re.search(r'name="piece" value="([^"]+)"', reader.html)[1]


def test_it_goes_back_from_its_own_page_at_triage_too(iris, told):
    _, first = told
    split(iris)
    second = other(iris, first)
    iris.send("/desk/triage", **TRIAGED)

    iris.send(f"/desk/cases/{second}/pieces/undo", piece=_piece(iris))

    assert "Nothing is waiting to be read." in iris.text


def test_what_somebody_looked_after_has_no_button_and_is_refused(iris, told):
    _, first = told
    split(iris)
    piece, second = _piece(iris), other(iris, first)
    iris.send("/desk/triage", **TRIAGED)
    iris.send("/desk/triage", **TRIAGED)

    iris.open(f"/desk/cases/{first}")

    assert second in iris.text
    assert "Put it together again" not in iris.text
    form = next(it for it in iris.forms if it.method == "post")
    guards = {name: form.values[name] for name in ("form_token", "csrf")}
    path = f"/desk/cases/{first}/pieces/undo"
    iris.post(path, 409, piece=piece, **guards)
    assert "Somebody looked after this case already" in iris.text


@pytest.mark.usefixtures("told")
def test_pressing_twice_splits_once(iris):
    iris.open("/desk/triage")
    (form,) = (it for it in iris.forms if it.action == "/desk/triage/split")
    values = {**form.values, "piece": LAMP}

    for _ in range(2):
        iris.post("/desk/triage/split", **values)

    assert "2 are waiting" in iris.text


def test_a_program_splits_lists_and_puts_together(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell(text=STORY)
        token = token_of(moot.node, moot.ids["iris"], role="coordinator")
        iris = Program(app_of(moot.node), moot.node, token)
        path = f"/api/v1/cases/{made.reference}/pieces"
        key = {"Idempotency_Key": str(uuid4())}
        sent = {"pieces": [LAMP, HEATING]}

        done = iris.ask("POST", path, sent, **key)
        again = iris.ask("POST", path, sent, **key)

        assert (done.status_code, len(done.json["references"])) == (201, 2)
        assert again.json == done.json
        assert again.headers["Idempotent-Replayed"] == "true"
        shown = iris.ask("GET", path).json
        assert [it["reference"] for it in shown["pieces"]] == done.json["references"]
        assert (shown["origin"], shown["pieces"][0]["title"]) == (None, LAMP[:-1])
        line = shown["pieces"][0]
        assert iris.ask("DELETE", f"{path}/{line['id']}").status_code == 204
        assert iris.ask("GET", path).json["pieces"][0]["undone"]
        of = iris.ask("GET", f"/api/v1/cases/{done.json['references'][1]}/pieces")
        assert of.json["origin"]["reference"] == made.reference


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ([], "invalid.piece-missing"),
        ([" "], "invalid.piece-missing"),
        (["Never said."], "invalid.piece-foreign"),
        ([STORY], "invalid.piece-known"),
        ([LAMP, LAMP], "invalid.piece-known"),
    ],
)
def test_a_program_is_told_by_a_code_what_is_wrong(tmp_path, pieces, code):
    with moot_on("", tmp_path) as moot:
        made = moot.tell(text=STORY)
        token = token_of(moot.node, moot.ids["iris"], role="coordinator")
        iris = Program(app_of(moot.node), moot.node, token)

        answer = iris.ask(
            "POST", f"/api/v1/cases/{made.reference}/pieces", {"pieces": pieces}
        )

        assert (answer.status_code, answer.json["code"]) == (422, code)
