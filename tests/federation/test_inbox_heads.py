import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import strict
from federation.errors import (
    ActivityMalformed,
    JsonMalformed,
    JsonTooLarge,
    LengthMissing,
    MediaUnsupported,
    Rejected,
)
from federation.inbox import check_body, check_head, is_activity
from tests.federation.arrivals import create, follow, reply

VECTORS = Path(__file__).parents[1] / "vectors/federation/folkmoot-json.json"
BODIES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
ACTIVITY = "application/activity+json"
PROFILE = "https://www.w3.org/ns/activitystreams"


def head(length="10", kind=ACTIVITY, *more):
    return [("Content-Length", length), ("Content-Type", kind), *more]


def refused(document):
    with pytest.raises(ActivityMalformed):
        check_body(json.dumps(document).encode())


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body["name"])
def test_a_body_is_taken_or_answered_with_400(body):
    raw = base64.b64decode(body["body_base64"])

    if body["accept"]:
        assert check_body(raw) == json.loads(raw)
        return
    with pytest.raises(Rejected) as caught:
        check_body(raw)
    assert caught.value.status == 400


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"1", b"null"])
def test_what_is_no_object_is_no_activity(raw):
    with pytest.raises(JsonMalformed):
        check_body(raw)


@pytest.mark.parametrize("key", ["to", "cc", "bto", "bcc", "audience"])
def test_an_activity_names_at_most_200_recipients(key):
    check_body(json.dumps(follow(**{key: ["https://x.example/u"] * 200})).encode())

    refused(follow(**{key: ["https://x.example/u"] * 201}))


def test_recipients_are_counted_over_all_fields():
    refused(follow(to=["https://x.example/u"] * 101, cc=["https://x.example/u"] * 100))


@pytest.mark.parametrize(("key", "most"), [("tag", 50), ("attachment", 20)])
def test_tags_and_attachments_have_caps_inside_too(key, most):
    check_body(json.dumps(create(reply(**{key: [{}] * most}))).encode())

    refused(create(reply(**{key: [{}] * (most + 1)})))
    refused(follow(**{key: [{}] * (most + 1)}))


def test_an_activity_is_about_one_thing():
    check_body(json.dumps(follow(object=[reply()])).encode())

    refused(follow(object=[reply(), reply()]))
    refused(follow(object=[reply()] * 500))


def test_a_report_names_several_things():
    check_body(json.dumps(follow(type="Flag", object=["a", "b"])).encode())


def test_a_context_is_a_short_flat_list():
    fine = [PROFILE, {"sensitive": {"@id": "as:sensitive"}}]
    check_body(json.dumps(follow(**{"@context": fine})).encode())

    refused(follow(**{"@context": [PROFILE] * 21}))
    refused(follow(**{"@context": [[PROFILE]]}))


@pytest.mark.parametrize("length", [None, "", "-1", "+1", "1e3", "1, 1", "٣", "1" * 30])
def test_a_body_says_how_long_it_is(length):
    fields = head(length) if length is not None else head()[1:]

    with pytest.raises(LengthMissing) as caught:
        check_head(fields)
    assert caught.value.status == 411


def test_a_length_said_twice_is_no_length():
    with pytest.raises(LengthMissing):
        check_head(head("10", ACTIVITY, ("content-length", "10")))


def test_a_body_has_at_most_a_mebibyte():
    assert check_head(head(str(strict.LIMITS.size))) == strict.LIMITS.size

    with pytest.raises(JsonTooLarge) as caught:
        check_head(head(str(strict.LIMITS.size + 1)))
    assert caught.value.status == 413


@pytest.mark.parametrize(
    "kind",
    [
        ACTIVITY,
        "Application/Activity+JSON",
        f"{ACTIVITY}; charset=utf-8",
        f'{ACTIVITY};profile="{PROFILE}"',
        f'application/ld+json; profile="{PROFILE}"',
        f'application/ld+json ; charset=utf-8; PROFILE="https://x.example/ {PROFILE}"',
    ],
)
def test_an_activity_has_one_of_two_types(kind):
    assert check_head(head("10", kind)) == 10


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://x.example/"',
        f'application/ld+json; profile="{PROFILE}x"',
        f"text/html; a={ACTIVITY}",
        f'text/plain; a="{ACTIVITY}"',
        f"{ACTIVITY}, text/html",
        f"{ACTIVITY}; charset",
        f'{ACTIVITY}; a="b',
        f"{ACTIVITY}; a=1; A=2",
        f"{ACTIVITY}x",
        f"x{ACTIVITY}",
    ],
)
def test_every_other_type_is_415(kind):
    with pytest.raises(MediaUnsupported) as caught:
        check_head(head("10", kind))
    assert caught.value.status == 415


def test_a_type_said_twice_or_not_at_all_is_no_type():
    with pytest.raises(MediaUnsupported):
        check_head(head("10", ACTIVITY, ("CONTENT-TYPE", ACTIVITY)))
    with pytest.raises(MediaUnsupported):
        check_head(head()[:1])


def test_an_encoded_body_is_not_unpacked():
    with pytest.raises(MediaUnsupported):
        check_head(head("10", ACTIVITY, ("Content-Encoding", "gzip")))


@given(st.text(max_size=80) | st.text('aplictony/+jsd;= "\\', max_size=60))
def test_any_content_type_is_judged(text):
    is_activity(text)
    is_activity(f"{ACTIVITY};{text}")


@given(
    st.lists(st.tuples(st.sampled_from(["content-length", "Content-Type"]), st.text()))
)
def test_any_head_is_taken_or_refused(fields):
    with suppress(Rejected):
        check_head(fields)
