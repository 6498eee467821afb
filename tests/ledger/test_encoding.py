import json
import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.encoding import (
    LARGEST,
    b64,
    b64u,
    b64u_or_null,
    canonical,
    decode,
    loads,
    number,
    parse,
    u64,
    unb64,
    unb64u,
)
from ledger.errors import Invalid

names = st.text("abcXYZ019_.:/-", min_size=1, max_size=8)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
simple = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
values = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)
    ),
    max_leaves=8,
).filter(lambda value: depth(value) <= 8)


def depth(value):
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 0


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


def code_of(function, *arguments, **more):
    with pytest.raises(Invalid) as refused:
        function(*arguments, **more)
    assert str(refused.value) == refused.value.text
    return refused.value.code


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_written_reads_as_the_same(value):
    assert loads(canonical(value)) == value


@given(st.binary(max_size=60) | texts.map(str.encode))
def test_arbitrary_bytes_are_read_or_refused_and_nothing_else(raw):
    try:
        value = loads(raw)
    except Invalid:
        return
    assert canonical(value) == raw


@given(values, st.integers(1, 3))
def test_another_spelling_of_the_same_value_is_refused(value, indent):
    spelled = json.dumps({"a": value}, indent=indent).encode()

    assert code_of(parse, spelled) == "not-canonical"


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}', b'{"a":-Infinity}'],
)
def test_doubled_keys_and_fractions_are_refused(raw):
    assert code_of(parse, raw) == "json-malformed"
    assert code_of(decode, raw) == "json-malformed"


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 5000, b"1" * 5000])
def test_what_is_not_json_is_refused(raw):
    assert code_of(loads, raw) == "json-malformed"


@pytest.mark.parametrize("raw", [b"[]", b"1", b"null", b'"a"'])
def test_what_is_not_an_object_is_refused_where_one_is_asked_for(raw):
    assert code_of(parse, raw) == "json-malformed"


@pytest.mark.parametrize("raw", [b'{"b":1,"a":1}', b'{ "a":1}', b'{"a":-0}'])
def test_order_and_space_are_part_of_the_spelling(raw):
    assert code_of(parse, raw) == "not-canonical"


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        -(2**53),
        {"": 1},
        {"a b": 1},
        {"ä": 1},
        "\ud800",
        nested(9),
        1.5,
        math.nan,
        b"bytes",
    ],
)
def test_what_the_profile_leaves_out_is_refused(value):
    assert code_of(canonical, value) == "json-profile"


def test_eight_levels_are_deep_enough_for_anybody():
    assert loads(canonical(nested(8))) == nested(8)


def test_a_limit_holds_for_writing_and_for_reading():
    raw = canonical("a" * 8190)

    assert len(raw) == 8192
    assert loads(raw) == "a" * 8190
    assert code_of(canonical, "a" * 8191) == "json-too-long"
    assert code_of(loads, b'"' + b"a" * 8191 + b'"') == "json-too-long"
    assert loads(b'"' + b"a" * 8191 + b'"', limit=9000) == "a" * 8191


def test_a_browser_may_spell_as_it_likes():
    assert decode(b'{ "b": 1, "a": [true] }') == {"a": [True], "b": 1}


@given(st.binary(max_size=100))
def test_base64_reads_back(raw):
    assert unb64(b64(raw)) == raw
    assert unb64u(b64u(raw)) == raw
    assert unb64u(b64u(raw), len(raw)) == raw


@pytest.mark.parametrize(
    "text", ["a", "aa", "aa=", "aa==a", "ab==", "a b=", "aa==\n", "-_-_", "é", "===="]
)
def test_base64_in_another_spelling_is_refused(text):
    assert code_of(unb64, text) == "base64"


@pytest.mark.parametrize("text", ["a", "ab", "aa==", "+/+/", "aa\n", "é", "a=a"])
def test_base64url_in_another_spelling_is_refused(text):
    assert code_of(unb64u, text) == "base64"


def test_a_value_of_another_size_is_refused():
    assert code_of(unb64u, b64u(b"abc"), 4) == "base64"


def test_nothing_is_null():
    assert b64u_or_null(None) is None
    assert b64u_or_null(b"\xff\xfe") == "__4"


@given(st.integers(0, 2**63 - 1))
def test_numbers_read_back(value):
    assert number(str(value)) == value
    assert int.from_bytes(u64(value), "big") == value


@pytest.mark.parametrize(
    "text",
    ["", "00", "01", "-1", "+1", " 1", "1 ", "1\n", "\u0663", str(2**63), "9" * 30],
)
def test_other_numbers_are_refused(text):
    assert code_of(number, text) == "number"
