from hypothesis import given
from hypothesis import strategies as st

from federation import pages

BOX = "https://c.example/box"


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


def test_a_short_collection_is_whole_and_in_order():
    made = pages.listing(BOX, ["b", "a"])

    assert (made["totalItems"], made["orderedItems"]) == (2, ["b", "a"])
    assert "first" not in made


@given(st.lists(st.text(), min_size=1, max_size=60), st.integers(1, 20))
def test_what_was_cut_into_pages_is_found_in_order(items, size):
    def cut(start):
        end = start + size
        on = f"{BOX}?from={end}" if end < len(items) else None
        iri = f"{BOX}?from={start}"
        return pages.page(iri, items[start:end], of=BOX, following=on)

    served = {it["id"]: it for it in map(cut, range(0, len(items), size))}
    here, found = f"{BOX}?from=0", []
    while here:
        assert served[here]["partOf"] == BOX
        found += served[here]["orderedItems"]
        here = served[here].get("next")

    assert found == items
