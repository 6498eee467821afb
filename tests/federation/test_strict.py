import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import strict
from federation.errors import JsonDuplicate, JsonMalformed, JsonTooLarge, Rejected
from federation.strict import Limits, loads

# Integers stay within what every reader keeps; texts are what UTF-8 can hold.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(
    allow_nan=False, allow_infinity=False
).filter(lambda it: it != 0)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda below: st.lists(below) | st.dictionaries(texts, below),
    max_leaves=30,
)


@given(values, st.booleans())
def test_valid_json_means_what_every_parser_says(value, escaped):
    raw = json.dumps(value, ensure_ascii=escaped).encode()

    assert loads(raw) == json.loads(raw)


@given(st.binary(max_size=300))
def test_bytes_are_read_or_rejected_and_nothing_else(raw):
    with suppress(Rejected):
        loads(raw)


@given(st.text('[]{}",:\\u0d8-1eE.NaInfity \n', max_size=60))
def test_what_looks_like_json_is_read_or_rejected(text):
    try:
        value = loads(text.encode())
    except Rejected:
        return

    assert value == json.loads(text)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id": 1, "id": 2}',
        b'{"id": 1, "\\u0069d": 2}',
        b'[{"a": {"b": 1, "b": 1}}]',
    ],
)
def test_a_key_twice_is_two_documents(raw):
    with pytest.raises(JsonDuplicate):
        loads(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"NaN",
        b"-Infinity",
        b"1e400",
        b"-1e400",
        b"9" * 5000,
        b"-0",
        b"-0.0",
        b"-0e9",
        b"9007199254740992",
        b"-9007199254740992",
        b"0." + b"1" * 100,
        b"01",
        b"+1",
    ],
)
def test_a_number_others_read_differently_is_refused(raw):
    with pytest.raises(JsonMalformed):
        loads(b"[" + raw + b"]")


def test_the_largest_integers_are_read():
    assert loads(b"[9007199254740991, -9007199254740991]") == [2**53 - 1, 1 - 2**53]


@pytest.mark.parametrize(
    "raw",
    [
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\\u0000"',
        b'"\0"',
        b'{"\\ud800": 1}',
        b'{"a": [{"b": "x\\u0000"}]}',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-32"),
    ],
)
def test_a_text_others_read_differently_is_refused(raw):
    with pytest.raises(JsonMalformed):
        loads(raw)


def test_a_pair_of_surrogates_is_one_character():
    assert loads(b'"\\ud83d\\ude00 \\\\u0000"') == "\U0001f600 \\u0000"


@given(st.integers(1, 40), st.sampled_from(["[]", "{}"]))
def test_depth_ends_at_32(depth, kind):
    opening = "[" if kind == "[]" else '{"a":'
    raw = (opening * (depth - 1) + kind + kind[1] * (depth - 1)).encode()

    if depth <= strict.LIMITS.depth:
        assert loads(raw) == json.loads(raw)
        return
    with pytest.raises(JsonMalformed):
        loads(raw)


@given(values, st.integers(0, 2))
def test_values_are_counted_exactly(value, spare):
    raw = json.dumps(value, indent=spare).encode()
    there = _count(value)

    assert loads(raw, Limits(values=there + spare)) == value
    with pytest.raises(JsonMalformed):
        loads(raw, Limits(values=there - 1))


def _count(value):
    below = value.values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list)):
        return 1 + sum(_count(each) for each in below)
    return 1


def test_brackets_inside_a_string_are_text():
    raw = json.dumps(["[" * 500, '"\\{' * 500]).encode()

    assert loads(raw) == json.loads(raw)


def test_size_keys_and_their_length_have_limits():
    with pytest.raises(JsonTooLarge):
        loads(b"[" + b" " * strict.LIMITS.size + b"]")
    with pytest.raises(JsonMalformed):
        loads(json.dumps({str(n): n for n in range(1001)}).encode())
    with pytest.raises(JsonMalformed):
        loads(json.dumps({"k" * 257: 1}).encode())

    assert len(loads(json.dumps({str(n): n for n in range(1000)}).encode())) == 1000


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * 500_000,
        b"[" * 1_000_000,
        b"]" * 1_000_000,
        b"[]" * 500_000,
        b'"' * 1_000_000,
        b":1" * 500_000,
        b'{"a":' * 200_000,
        b"\\" * 1_000_000,
    ],
    ids=["escapes", "open", "close", "empty", "quotes", "colons", "objects", "slashes"],
)
def test_a_megabyte_of_nonsense_is_refused_at_once(raw):
    began = time.process_time()

    with pytest.raises(Rejected):
        loads(raw)

    assert time.process_time() - began < 1
