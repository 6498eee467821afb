"""Words that many cases hold and few hold together: the newest of these, on both."""

from uuid import UUID

import pytest

from node.search.index import index_of
from node.search.shapes import Entry

#: More than a sample of the newest, and cases that came before it.
LATER, BEFORE = 2_100, 60
#: Of cases that hold all the words: which part of those that came later.
PARTS = {"never": 0, "now and then": 300, "often": 20, "always": 1}


def said(number, part):
    """Return what a case says; of the later ones every so many hold both words."""
    if number < BEFORE or (part and number % part == 0):
        return "quarrel fence"
    return ("quarrel", "fence")[number % 2]


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_words_are_found_together_wherever_they_stand(moot, part):
    index, words = index_of(moot.node), ("quarrel", "fence")
    every = [said(number, part) for number in range(BEFORE + LATER)]
    held = [number for number, text in enumerate(every) if " " in text][::-1]
    index.put(
        [Entry(UUID(int=number), "", text) for number, text in enumerate(every)],
        index.place(),
    )

    for limit in (1, 50, 1000):
        found = index.newest(words, limit)
        assert [hit.case_id.int for hit in found] == held[:limit]
    hidden = [UUID(int=number) for number in held[:3]]
    found = index.newest(words, 10, hidden)
    assert [hit.case_id.int for hit in found] == held[3:13]
