"""A document as its own origin vouches for it."""

from collections.abc import Callable

from federation import strict
from federation.errors import JsonMalformed, Unfetched
from federation.fetch import codes
from federation.fetch.addresses import Place
from federation.fetch.guard import Fetched, Network, Sign


def document(
    guard: Network, iri: str, sign: Sign | None = None, *, left: Callable[[], float]
) -> tuple[dict[str, object], bytes]:
    """Fetch a document that its own origin vouches for, and its bytes.

    It lies under its id, or under another URL of the same origin; then it is fetched
    once more, from its id. `left` says before each request how many seconds there are.
    """
    fetched = guard.get(iri, sign=sign, within=left())
    found, id_ = _read(fetched)
    named, origin = _place_of(guard, id_), guard.place(iri).origin
    if not origin == named.origin == guard.place(fetched.url).origin:
        raise Unfetched(codes.ID, fetched.status)
    if named.url != fetched.url:
        fetched = guard.get(id_, sign=sign, within=left())
        found, again = _read(fetched)
        if again != id_ or named.url != fetched.url:
            raise Unfetched(codes.ID, fetched.status)
    return found, fetched.body


def _read(fetched: Fetched) -> tuple[dict[str, object], str]:
    try:
        value = strict.loads(fetched.body)
    except JsonMalformed as error:
        raise Unfetched(codes.TYPE, fetched.status) from error
    if not isinstance(value, dict):
        raise Unfetched(codes.TYPE, fetched.status)
    id_ = value.get("id")
    if not isinstance(id_, str):
        raise Unfetched(codes.ID, fetched.status)
    return value, id_


def _place_of(guard: Network, id_: str) -> Place:
    try:
        return guard.place(id_)
    except Unfetched as error:
        raise Unfetched(codes.ID) from error
