"""What our actors say about themselves: that they changed, or are there no longer.

Nobody has to believe what is pushed: it is the actor's own origin that is asked.
"""

from collections.abc import Mapping
from datetime import datetime

from federation.activities import stamp
from federation.cases import delete
from federation.terms import PUBLIC

__all__ = ["gone", "update"]


def update(actor: Mapping[str, object], *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that says an actor of ours has changed."""
    described = dict(actor)
    named, followers = described.pop("@context"), described.get("followers")
    return {
        "@context": named,
        "id": iri,
        "type": "Update",
        "actor": described["id"],
        "published": stamp(at),
        "to": [PUBLIC],
        **({"cc": [followers]} if followers else {}),
        "object": described,
    }


def gone(actor_id: str, *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that says an advocate of ours is there no longer."""
    return delete(actor_id, group=actor_id, iri=iri, at=at, former="Person")
