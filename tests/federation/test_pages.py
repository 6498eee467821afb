from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import pages
from federation.errors import ActivityMalformed

BOX = "https://c.example/box"


def nothing(iri):
    pytest.fail(f"{iri} was fetched")


def test_a_collection_says_how_much_and_where_it_begins():
    made = pages.collection(BOX, count=41, first=f"{BOX}?page=1")

    assert made == {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": BOX,
        "type": "OrderedCollection",
        "totalItems": 41,
        "first": f"{BOX}?page=1",
    }


def test_followers_are_a_number_and_no_more():
    assert pages.collection(BOX, count=3).keys() == {
        "@context",
        "id",
        "type",
        "totalItems",
    }


@given(st.lists(st.text(), max_size=60), st.integers(1, 20))
def test_what_was_cut_into_pages_is_walked_in_order(items, size):
    starts = range(0, len(items), size)
    cut = {
        f"{BOX}?from={start}": pages.page(
            f"{BOX}?from={start}",
            items[start : start + size],
            of=BOX,
            following=f"{BOX}?from={start + size}"
            if start + size < len(items)
            else None,
        )
        for start in starts
    }
    whole = pages.collection(
        BOX, count=len(items), first=f"{BOX}?from=0" if items else None
    )

    walked = list(pages.walk(whole, cut.__getitem__))

    assert walked == items[: pages.MOST_PAGES * size]


def test_a_short_collection_needs_no_fetch():
    assert list(pages.walk(pages.listing(BOX, ["a", "b"]), nothing)) == ["a", "b"]


def test_a_first_page_may_come_along():
    whole = pages.collection(BOX, count=1) | {
        "first": {"type": "CollectionPage", "partOf": BOX, "items": "a"}
    }

    assert list(pages.walk(whole, nothing)) == ["a"]


def test_a_page_that_leads_to_itself_ends_the_walk():
    page = pages.page(f"{BOX}?1", ["a"], of=BOX, following=f"{BOX}?1")

    walked = list(
        pages.walk(
            pages.collection(BOX, count=10**12, first=f"{BOX}?1"), lambda _: page
        )
    )

    assert walked == ["a"]


def test_a_collection_without_end_ends_here():
    numbers = count()
    asked = []

    def fetch(iri):
        asked.append(iri)
        return pages.page(iri, ["a"], of=BOX, following=f"{BOX}?{next(numbers)}")

    walked = list(pages.walk(pages.collection(BOX, count=1, first=f"{BOX}?x"), fetch))

    assert len(walked) == len(asked) == pages.MOST_PAGES


def test_a_page_without_end_is_read_to_the_limit():
    whole = pages.listing(BOX, list(islice(count(), 5_000)))

    assert len(list(pages.walk(whole, nothing))) == pages.MOST_ITEMS


def test_a_collection_does_not_lead_to_another_origin():
    whole = pages.collection(BOX, count=1, first="https://d.example/box")

    with pytest.raises(ActivityMalformed):
        list(pages.walk(whole, nothing))


@pytest.mark.parametrize("kind", ["Note", None, []])
def test_what_is_no_collection_is_refused(kind):
    with pytest.raises(ActivityMalformed):
        list(pages.walk({"id": BOX, "type": kind, "items": ["a"]}, nothing))
