"""Searches made to be slow, against one that ranks every hit of a common word (T10)."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import combinations
from statistics import median

from sqlalchemy import text

from node import search
from node.accounts import Visitor
from node.core import Node
from tests.bench.rows import Row, percentile

#: So many words are the longest search there is.
_MOST = 12
_KNOWN, _BEGINNING = 40, 3
_WORD = re.compile(r"\w{4,}")
_LOOKS, _RANKINGS = 30, 5
_RANKED_LITE = (
    "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rank, rowid DESC LIMIT 50"
)
_RANKED = text(
    "SELECT id FROM derived.doc WHERE words @@ to_tsquery('simple', :word) ORDER BY "
    "ts_rank(words, to_tsquery('simple', :word)) DESC, id DESC LIMIT 50"
)


def words(stories: Sequence[str]) -> tuple[str, ...]:
    """Return what most stories say, the commonest first; the last two never together.

    Those are the most common of which no story has both.
    """
    told = [set(_WORD.findall(it.lower())) for it in stories]
    spread = Counter(one for it in told for one in it)
    # Of as many, always the same.
    every = sorted(spread, key=lambda one: (-spread[one], one))
    apart = next(
        pair
        for pair in combinations(every, 2)
        if not any(set(pair) <= it for it in told)
    )
    return (*every[:_KNOWN], *apart)


def measure(
    name: str, node: Node, known: Sequence[str], by: Visitor, clock: Callable[[], float]
) -> list[Row]:
    """Return a row of each search, by the ranked one of the same run."""

    def took(one: Callable[[], object]) -> float:
        began = clock()
        one()
        return clock() - began

    plain = ranked(node, known[0])
    plain()
    yard = median(took(plain) for _ in range(_RANKINGS))
    rows = []
    for what, look in looks(node, known, by).items():
        look()
        times = [took(look) for _ in range(_LOOKS)]
        p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
        rows.append(
            Row(
                name=f"{name}: {what} (T10)",
                unit="ms",
                value=round(1000 * p50, 2),
                against="every hit of the commonest word ranked",
                ratio=round(p99 / yard, 2),
                gate=0.1,
                p50=round(1000 * p50, 2),
                p99=round(1000 * p99, 2),
                note=f"that took {1000 * yard:.0f} ms",
            )
        )
    return rows


def looks(
    node: Node, known: Sequence[str], by: Visitor
) -> Mapping[str, Callable[[], object]]:
    """Return searches that an unkind visitor would make."""
    common, apart = known[:_KNOWN], known[_KNOWN:]
    asked = {
        "twelve common words": common[:_MOST],
        "twelve that are less so": common[-_MOST:],
        "two common ones never told together": apart,
        "twelve beginnings": [one[:_BEGINNING] for one in common[:_MOST]],
        "what nobody said": ["qqqqqqqq"],
    }

    def look(some: Sequence[str]) -> Callable[[], object]:
        return lambda: search.find(node, " ".join(some), by=by)

    return {f"search, {what}": look(some) for what, some in asked.items()}


def ranked(node: Node, word: str) -> Callable[[], object]:
    """Return what ranks every case that holds a word, as a plain search engine does."""

    def on_server() -> object:
        with node.read() as tx:
            return tx.execute(_RANKED, {"word": word}).all()

    def in_file() -> object:
        path = node.settings.data / "derived" / "search.sqlite3"
        with closing(sqlite3.connect(path)) as index:
            return index.execute(_RANKED_LITE, (f'"{word}"',)).fetchall()

    return on_server if node.settings.database_url else in_file
