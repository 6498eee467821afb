"""Bytes to activities and back. The only file that knows the vocabulary's library.

What is read is checked against the classes of active-boxes and then put away: bytes
stay as they came, and nothing is ever written from an object of the library.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeAlias

from federation import activities, measures, strict
from federation.activities import Activity, Document, identifier, kinds
from federation.errors import ActivityMalformed
from federation.terms import AS2, NAMESPACE, PUBLIC, context, published_context

__all__ = [
    "AS2",
    "CONTEXT",
    "NAMESPACE",
    "PUBLIC",
    "context",
    "dump",
    "parse",
    "published_context",
    "read",
]

#: The context of a document that uses no word but those of ActivityStreams.
CONTEXT: Final = (AS2,)
#: A class of the library, and what it is shown of a document.
_Shown: TypeAlias = tuple[Any, dict[str, object]]
_HIDDEN: Final = frozenset({"bto", "bcc"})
_NOTHING: Final[Mapping[str, Document]] = MappingProxyType({})
#: What the library may look up while it reads: documents that were authenticated.
_AUTHENTICATED: ContextVar[Mapping[str, Document]] = ContextVar("authenticated")


class _Own(str, Enum):  # noqa: UP042 - the library compares values as plain enums do
    """Types that the library does not have."""

    DISLIKE = "Dislike"
    IGNORE = "Ignore"
    INVITE = "Invite"
    OFFER = "Offer"
    TENTATIVE_ACCEPT = "TentativeAccept"
    TENTATIVE_REJECT = "TentativeReject"
    AGREEMENT = "fm:Agreement"
    CASE = "fm:Case"
    CHECKPOINT = "fm:Checkpoint"
    CONSENT_GRANT = "fm:ConsentGrant"
    COSIGNATURE = "fm:Cosignature"
    ERASURE_RECEIPT = "fm:ErasureReceipt"
    RATIFICATION = "fm:Ratification"
    REPLY = "fm:Reply"
    STANDING = "fm:Standing"


def parse(raw: bytes, documents: Mapping[str, Document] = _NOTHING) -> Activity:
    """Return the activity that these bytes are, or refuse them.

    `documents` are actors that were authenticated, by id. Without one the actor counts
    by its id alone: that it is one was found with its key.
    """
    document = strict.loads(raw)
    if not isinstance(document, dict):
        raise ActivityMalformed("An activity is a JSON object.")
    return read(document, raw, documents)


def read(
    document: Document, raw: bytes, documents: Mapping[str, Document] = _NOTHING
) -> Activity:
    """Return the activity a document is; `raw` are the bytes it came in."""
    measures.check(document)
    activity = activities.read(document, raw)
    if activity is None:
        raise ActivityMalformed("An activity has one id, one actor and a type.")
    if activity.known:
        signer = {activity.actor: {"id": activity.actor, "type": "Application"}}
        _check(activity, {**signer, **documents})
    return activity


def dump(document: Document) -> bytes:
    """Return the bytes that are stored, hashed, sent and sent again.

    Made once for each document. Hidden addressees are never in them.
    """
    written = json.dumps(
        _shown(document), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return written.encode()


def _shown(value: object) -> object:
    match value:
        case dict():
            return {
                key: _shown(each) for key, each in value.items() if key not in _HIDDEN
            }
        case list():
            return [_shown(each) for each in value]
    return value


def _check(activity: Activity, documents: Mapping[str, Document]) -> None:
    classes = _classes()
    found = classes[activity.type]
    if found.OBJECT_REQUIRED and not (activity.object or activity.objects):
        raise ActivityMalformed("The activity does not say what it is about.")
    views = [(found, _view(activity)), *_made(activity, classes)]
    token = _AUTHENTICATED.set(documents)
    try:
        for each, view in views:
            each(**view)
    except Exception as error:
        # Whatever the library trips over, the sender's document was the cause.
        raise ActivityMalformed("The activity lacks what its type needs.") from error
    finally:
        _AUTHENTICATED.reset(token)


def _view(activity: Activity) -> dict[str, object]:
    # What the library is shown of an activity: it would take keys of a document for
    # arguments, change its context, fetch what is named and log all of it.
    seen = {
        "type": activity.type,
        "id": activity.id,
        "actor": activity.actor,
        "object": activity.object_id,
        "target": activity.target,
    }
    return {key: value for key, value in seen.items() if value is not None}


def _made(activity: Activity, classes: Mapping[str, Any]) -> Iterator[_Shown]:
    if activity.type != "Create" or not activity.object:
        return
    known = frozenset(classes) - activities.TYPES
    kind = activities.first_known(kinds(activity.object), known)
    if kind in known:
        author = identifier(activity.object.get("attributedTo"))
        named: dict[str, object] = {"attributedTo": author} if author else {}
        yield classes[kind], {"type": kind, **named}


@cache
def _classes() -> Mapping[str, Any]:
    # A third of a second to load: only a node that hears from others pays it.
    from active_boxes import activitypub, backend, errors  # noqa: PLC0415 - as said

    # It would write whole activities to the log.
    logging.getLogger("active_boxes").setLevel(logging.CRITICAL)
    activitypub.use_backend(_backend(backend.Backend, errors.ActivityNotFoundError)())
    base, named = activitypub.BaseActivity, activitypub.ActivityType
    theirs = {kind.value: getattr(activitypub, kind.value, None) for kind in named}
    # Its own Create asks the clock, and starts an event loop to do so.
    create = type("Create", (activitypub.Create,), {"_init": lambda _: None})
    ours = {own.value: _class(base, own) for own in _Own}
    classes = {**theirs, **ours, "Create": create}
    return MappingProxyType(
        {name: each for name, each in classes.items() if isinstance(each, type(base))}
    )


def _class(base: Any, own: _Own) -> Any:
    acting = own.value in activities.TYPES
    shape = {"ACTIVITY_TYPE": own, "ACTOR_REQUIRED": acting, "OBJECT_REQUIRED": acting}
    # The library's own metaclass takes the class into its register.
    return type(base)(own.value, (base,), shape)


def _backend(base: Any, absent: Any) -> Any:
    def look_up(_self: object, iri: str, **_: object) -> Document:
        try:
            return _AUTHENTICATED.get(_NOTHING)[iri]
        except KeyError as error:
            raise absent("not authenticated") from error

    def refuse(*_: object, **__: object) -> NoReturn:
        raise absent("nothing is fetched here")

    looking = ("fetch_iri", "fetch_iri_sync")
    refusing = (
        *("fetch_json", "fetch_json_sync", "check_url", "check_url_sync"),
        *("parse_collection", "parse_collection_async", "extra_inboxes"),
        *("base_url", "activity_url", "note_url", "user_agent", "random_object_id"),
    )
    methods = dict.fromkeys(looking, look_up) | dict.fromkeys(refusing, refuse)
    return type("Authenticated", (base,), methods)
