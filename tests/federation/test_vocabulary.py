import ast
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import vocabulary
from federation.errors import ActivityMalformed, JsonDuplicate, Rejected
from tests.federation.vectors import VECTORS, read
from tests.federation.wire import PUBLIC, STATUS, STRANGER, activity, note, wire

ROOT = Path(vocabulary.__file__).parents[1]
ACTIVITIES = [
    path.stem
    for path in sorted((VECTORS / "wire").glob("*.json"))
    if {"id", "actor"} <= read(path.name, "wire").keys()
]
KEYS = [
    *("id", "type", "actor", "object", "target", "to", "cc", "bto", "tag", "@context"),
    *("attributedTo", "content", "published", "inReplyTo", "self", "fm:sealed", "name"),
]
TYPES = [
    *("Create", "Update", "Add", "Undo", "Flag", "Offer", "Question", "Note", "Person"),
    *("fm:Case", "Event", "TentativeAccept", "Delete", "Block", "Move", "Mention"),
]
leaves = st.sampled_from([None, True, 7, "", STRANGER, STATUS, PUBLIC, *TYPES])
values = st.recursive(
    leaves | st.text("ab\u202e<", max_size=4),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), below)
    ),
    max_leaves=12,
)


def parse(document):
    return vocabulary.parse(json.dumps(document).encode())


@pytest.mark.parametrize("name", ACTIVITIES)
def test_every_activity_on_the_wire_is_read(name):
    raw = (VECTORS / "wire" / f"{name}.json").read_bytes()
    written = json.loads(raw)

    found = vocabulary.parse(raw)

    assert (found.id, found.type, found.actor) == (
        written["id"],
        written["type"],
        written["actor"],
    )
    assert found.known
    assert found.raw == raw
    assert found.document == written


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values))
def test_any_object_is_read_or_refused(document):
    with suppress(Rejected):
        parse(document)


@settings(deadline=None)
@given(st.sampled_from(KEYS), values, st.sampled_from(TYPES))
def test_an_activity_with_anything_in_one_place_is_read_or_refused(key, value, kind):
    with suppress(Rejected):
        parse(activity(type=kind) | {key: value})


@pytest.mark.parametrize(
    "raw", [b"[]", b'"Create"', b"null", b"", b"\xff", b'{"id": NaN}']
)
def test_what_is_no_object_is_refused(raw):
    with pytest.raises(Rejected):
        vocabulary.parse(raw)


def test_a_key_twice_is_refused_before_anything_is_read():
    with pytest.raises(JsonDuplicate):
        vocabulary.parse(b'{"id": "https://c.example/1", "id": "https://c.example/2"}')


def test_an_unknown_type_is_no_error():
    found = parse(activity(type="https://ns.example/Wave", object=None))

    assert not found.known


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": None},
        {"object": []},
        {"type": "Add", "object": STATUS, "target": None},
        {"object": {"id": STATUS, "type": "Note", "content": "by nobody"}},
        {"type": "Undo", "object": 7},
    ],
)
def test_a_known_type_needs_what_it_is_about(wrong):
    with pytest.raises(ActivityMalformed):
        parse(activity(**wrong))


def test_an_activity_with_too_much_of_something_is_refused():
    parse(activity(to=[PUBLIC] * 200))

    with pytest.raises(ActivityMalformed):
        parse(activity(to=[PUBLIC] * 201))


def test_an_actor_that_was_found_to_be_something_else_is_refused():
    raw = json.dumps(activity()).encode()
    person = {STRANGER: {"id": STRANGER, "type": "Person"}}
    page = {STRANGER: {"id": STRANGER, "type": "Note"}}

    assert vocabulary.parse(raw, person).actor == STRANGER
    with pytest.raises(ActivityMalformed):
        vocabulary.parse(raw, page)


def test_keys_that_are_words_of_a_programming_language_do_no_harm():
    found = parse(activity(self=1, kwargs=2, cls=3, __class__=4))

    assert found.document["self"] == 1


def test_reading_changes_nothing_in_the_document():
    document = activity(**{"@context": ["https://www.w3.org/ns/activitystreams", {}]})
    before = json.dumps(document)

    vocabulary.read(document, b"")

    assert json.dumps(document) == before


def test_nothing_of_an_activity_reaches_a_log(caplog):
    caplog.set_level("DEBUG")

    parse(activity(content="between us"))

    assert not caplog.records


def test_the_library_is_asked_for_nothing_but_its_vocabulary():
    tree = ast.parse((ROOT / "federation" / "vocabulary.py").read_text())
    modules = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "active_boxes"
        for alias in node.names
    }

    assert modules <= {"activitypub", "backend", "collection", "errors"}
    assert modules


def test_only_the_first_activity_pays_for_the_library():
    program = (
        "import sys; from federation import actors, cases, threads, vocabulary; "
        "vocabulary.dump({'id': 'https://a.example/1'}); "
        "assert 'active_boxes' not in sys.modules; "
        f"vocabulary.parse({json.dumps(activity()).encode()!r}); "
        "assert 'active_boxes' in sys.modules"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter, on constant text
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_hidden_addressees_are_never_written():
    hidden = {"bto": [STRANGER], "bcc": [STRANGER]}

    written = vocabulary.dump(activity(object=note(**hidden), **hidden))

    assert b"bto" not in written
    assert b"bcc" not in written
    assert json.loads(written) == activity(object=note())


def test_what_is_written_is_compact_and_in_utf_8():
    assert (
        vocabulary.dump({"a": [1, "ü"], "b": None}) == '{"a":[1,"ü"],"b":null}'.encode()
    )


def test_what_json_cannot_say_is_not_written():
    with pytest.raises(ValueError, match="JSON"):
        vocabulary.dump({"a": float("nan")})


def test_the_published_context_is_the_one_of_the_design():
    published = read("folkmoot-v1.jsonld", "wire")

    assert vocabulary.published_context() == published


def test_a_context_is_a_list_in_one_order():
    words = vocabulary.context("fm", "https://w3id.org/security/v1", proof=True)

    assert words == [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/v1",
        {"fm": vocabulary.NAMESPACE},
    ]
    assert vocabulary.context() == list(vocabulary.CONTEXT)
    assert wire("flag")["@context"] == vocabulary.context("fm", proof=True)
