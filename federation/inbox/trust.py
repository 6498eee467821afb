"""What may be used of what an activity carries.

A stranger's words in somebody's envelope count for nothing. Whoever they are of sends
them, from where they live.
"""

from federation import origins
from federation.activities import embedded
from federation.errors import Rejected
from federation.inbox.senders import Local, check_own


def is_own(inner: object, *, actor: str, local: Local) -> bool:
    """Say whether what an actor's activity carries is there, and is the actor's."""
    whole = embedded(inner)
    if whole is None:
        return False
    try:
        id_ = origins.require_id(whole.get("id"), insecure=local.insecure)
        # What is inside is judged too: an envelope of one's own proves nothing for it.
        check_own(whole, actor=actor, local=local)
        is_actors = origins.owner(whole) == actor and origins.same(id_, actor)
    except Rejected:
        return False
    return is_actors and not origins.same(id_, local.origin)
