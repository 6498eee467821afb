"""How words begin: few words or many, the same hits, and the newest first."""

import sqlite3
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.search.index import index_of
from node.search.shapes import Entry, Place
from node.search.sqlite import SqliteIndex

WORDS = st.text("abc", min_size=1, max_size=5)


def entries(said):
    return [Entry(UUID(int=number), "", words) for number, words in enumerate(said)]


def newest(index, *asked, limit=1000):
    return [hit.case_id.int for hit in index.newest(asked, limit)]


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=12),
    st.lists(WORDS, min_size=1, max_size=3),
)
@settings(max_examples=50, deadline=None)
def test_what_begins_so_is_found_the_newest_first(tmp_path_factory, said, asked):
    index = SqliteIndex(tmp_path_factory.mktemp("derived"))
    index.put(entries([" ".join(words) for words in said]), index.place())

    def holds(words, one):
        if len(one) < 3:
            return one in words
        return any(word.startswith(one) for word in words)

    plainly = [
        number
        for number, words in enumerate(said)
        if all(holds(words, one) for one in asked)
    ]
    assert newest(index, *asked) == plainly[::-1]


@pytest.mark.parametrize("number", [1, 32, 33, 70])
def test_however_many_words_begin_so_all_their_cases_are_found(moot, number):
    signs = "abcdefghij"
    said = [f"wort{signs[one // 10]}{signs[one % 10]} also" for one in range(number)]
    index = index_of(moot.node)
    index.put(entries(["worm", *said, "wort", "word"]), index.place())

    assert newest(index, "wort") == list(range(number + 1, 0, -1))
    assert newest(index, "wort", "als") == list(range(number, 0, -1))
    assert newest(index, "wort", limit=1) == [number + 1]
    assert newest(index, "wortx") == []


@pytest.mark.parametrize("letters", ["wor", "wort"])
def test_a_short_beginning_is_asked_of_an_index_of_its_own(tmp_path, letters):
    index = SqliteIndex(tmp_path)
    said = [f"wort{one}" for one in range(40)]
    index.put(entries([*said, "other"]), Place(1, 7))

    assert newest(index, letters, limit=2) == [39, 38]
    with sqlite3.connect(tmp_path / "search.sqlite3") as base:
        (made,) = base.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'word'"
        ).fetchone()
    assert "prefix = '3 4'" in made


def test_an_index_of_another_form_is_made_again(tmp_path):
    index = SqliteIndex(tmp_path)
    index.put(entries(["older"]), Place(1, 7))
    with sqlite3.connect(tmp_path / "search.sqlite3") as base:
        base.execute("PRAGMA user_version = 1")
    base.close()

    assert index.place() == Place()
    assert newest(index, "older") == []
    index.put(entries(["newer"]), Place(1, 9))
    assert SqliteIndex(tmp_path).place() == Place(1, 9)
    assert newest(SqliteIndex(tmp_path), "newer") == [0]
