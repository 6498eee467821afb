"""Following a community: asking, being answered, and stopping.

A follow opens nothing private, and counts on both sides only after it was accepted.
"""

from dataclasses import dataclass

from federation.activities import Activity, identifier
from federation.errors import ActivityMalformed, ActorMismatch
from federation.terms import context


@dataclass(frozen=True, slots=True)
class Follow:
    """Who wants to hear of whom."""

    id: str
    follower: str
    followed: str


def follow(asked: Follow) -> dict[str, object]:
    """Return the activity that asks to follow.

    Ask again with the same id: a second id while one is pending wedges some servers.
    """
    return {"@context": context(), **_asking(asked), "to": [asked.followed]}


def accept(asked: Follow, *, iri: str) -> dict[str, object]:
    """Return the activity that lets somebody follow."""
    return _answer("Accept", asked, iri=iri)


def reject(asked: Follow, *, iri: str) -> dict[str, object]:
    """Return the activity that refuses a follower, or ends a follow."""
    return _answer("Reject", asked, iri=iri)


def undo(asked: Follow, *, iri: str) -> dict[str, object]:
    """Return the activity that stops following."""
    return {
        "@context": context(),
        "id": iri,
        "type": "Undo",
        "actor": asked.follower,
        "to": [asked.followed],
        "object": _asking(asked),
    }


def read_follow(activity: Activity) -> Follow:
    """Return what a `Follow` asks for."""
    if activity.type != "Follow" or activity.object_id is None:
        raise ActivityMalformed("A follow names whom.")
    return Follow(activity.id, activity.actor, activity.object_id)


def read_answer(activity: Activity) -> str:
    """Return the id of the follow that is accepted, refused or undone.

    Some servers send the follow along, changed; only what is theirs to say is checked.
    """
    if activity.object_id is None:
        raise ActivityMalformed("The answer does not name the follow.")
    follower = identifier((activity.object or {}).get("actor"))
    if activity.type == "Undo" and follower not in {None, activity.actor}:
        raise ActorMismatch("Only the follower undoes a follow.")
    return activity.object_id


def _asking(asked: Follow) -> dict[str, object]:
    return {
        "id": asked.id,
        "type": "Follow",
        "actor": asked.follower,
        "object": asked.followed,
    }


def _answer(kind: str, asked: Follow, *, iri: str) -> dict[str, object]:
    # The follow as four keys: echoing all that came left some follows pending for ever.
    return {
        "@context": context(),
        "id": iri,
        "type": kind,
        "actor": asked.followed,
        "to": [asked.follower],
        "object": _asking(asked),
    }
