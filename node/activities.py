"""What each activity of other nodes means here: one function for each type.

Whatever has no line here is counted and ignored: a refusal would be tried again for
days.
"""

from federation import origins
from federation.errors import ActorMismatch
from node import answers, followers, follows, leaving, neighbours, peers, replies
from node.inbox.registry import INBOX, Handling


@INBOX.on("Follow")
def follow(handling: Handling) -> None:
    """Somebody wants to follow us."""
    followers.asked(handling)


@INBOX.on("Undo")
def undo(handling: Handling) -> None:
    """Somebody takes back what they did: only following us has an effect."""
    follows.undone(handling)


@INBOX.on("Accept")
def accept(handling: Handling) -> None:
    """Somebody says yes to a follow of ours, or to an answer."""
    if not follows.answered(handling) and not answers.approved(handling):
        handling.row.problem = "unasked"


@INBOX.on("Reject")
def reject(handling: Handling) -> None:
    """Somebody says no to a follow of ours."""
    if not follows.answered(handling):
        handling.row.problem = "unasked"


@INBOX.on("Create")
def create(handling: Handling) -> None:
    """Keep a case that became public elsewhere, or an answer to one of ours."""
    if not handling.own:
        handling.row.problem = "not-authentic"
    elif not neighbours.told(handling) and not replies.came(handling):
        handling.row.problem = "not-for-us"


@INBOX.on("Update")
def update(handling: Handling) -> None:
    """Keep what changed of a public case elsewhere, or ask an actor anew."""
    if handling.activity.object_id == handling.activity.actor:
        # A pushed body changes nothing: the actor's own origin is asked.
        peers.ask(handling.node, handling.tx, handling.activity.actor)
    elif not handling.own or not neighbours.told(handling):
        handling.row.problem = "not-for-us"


@INBOX.on("Delete")
def delete(handling: Handling) -> None:
    """Forget a case or a reply that somebody takes back, or whoever leaves."""
    actor, about = handling.activity.actor, handling.activity.object_id or ""
    if not origins.same(about, actor):
        raise ActorMismatch("This is of another origin.")
    if about == actor:
        follows.left(handling)
        leaving.begin(handling)
    elif peers.actor(handling.tx, about) is not None:
        raise ActorMismatch("This is somebody else.")
    neighbours.gone(handling)
    replies.taken_back(handling)


def types() -> tuple[str, ...]:
    """Return every type of activity that is acted on here."""
    return INBOX.types()
