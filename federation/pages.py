"""Our collections: short ones whole, long ones cut into pages."""

from collections.abc import Sequence

from federation.terms import context


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
