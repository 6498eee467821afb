"""Collections: ours, cut into pages, and those of others, walked to an end in sight.

Nobody's count is believed, and a collection that leads back to itself is left there.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from federation import activities, origins
from federation.activities import Document, identifier, several
from federation.errors import ActivityMalformed
from federation.terms import context

#: What is read of a stranger's collection at most.
MOST_PAGES: Final = 20
MOST_ITEMS: Final = 1_000
_WHOLE: Final = frozenset({"Collection", "OrderedCollection"})
_PART: Final = frozenset({"CollectionPage", "OrderedCollectionPage"})


def collection(iri: str, *, count: int, first: str | None = None) -> dict[str, object]:
    """Return a collection without what is in it: how much, and where it begins."""
    begun = {"first": first} if first else {}
    return {
        "@context": context(),
        "id": iri,
        "type": "OrderedCollection",
        "totalItems": count,
        **begun,
    }


def listing(iri: str, items: Sequence[object]) -> dict[str, object]:
    """Return a short collection, whole and in order."""
    return {**collection(iri, count=len(items)), "orderedItems": list(items)}


def page(
    iri: str, items: Sequence[object], *, of: str, following: str | None = None
) -> dict[str, object]:
    """Return one page of a collection, and where it goes on."""
    on = {"next": following} if following else {}
    return {
        "@context": context(),
        "id": iri,
        "type": "OrderedCollectionPage",
        "partOf": of,
        **on,
        "orderedItems": list(items),
    }


def walk(start: Document, fetch: Callable[[str], Document]) -> Iterator[object]:
    """Give what is in a stranger's collection, until a limit or a page seen before.

    `fetch` is asked for pages on the collection's own origin and for nothing else.
    """
    iri = identifier(start.get("id")) or ""
    given, seen, here = 0, {iri}, start
    for left in reversed(range(MOST_PAGES + 1)):
        for each in _items(here):
            if given == MOST_ITEMS:
                return
            given += 1
            yield each
        on = here.get("first") if _is(here, _WHOLE) else here.get("next")
        inside = activities.embedded(on)
        named = identifier(on)
        if not left or named in seen or not (inside or named):
            return
        seen.add(named or "")
        here = inside or _fetched(iri, named or "", fetch)


def _items(document: Document) -> tuple[object, ...]:
    if not _is(document, _WHOLE | _PART):
        raise ActivityMalformed("This is no collection.")
    ordered = document.get("orderedItems")
    return several(document.get("items") if ordered is None else ordered)


def _is(document: Document, kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint(activities.kinds(document))


def _fetched(iri: str, named: str, fetch: Callable[[str], Document]) -> Document:
    if not origins.same(iri, named):
        raise ActivityMalformed("A collection goes on at another origin.")
    return fetch(named)
