"""Documents as strangers send them, and the inbox of Ash that they come to."""

from datetime import UTC, datetime

from federation.inbox import Arrived, Local
from federation.signatures import Profile, Verified

ASH = "https://ash.example"
GROUP = f"{ASH}/ap/c/ash"
CASE = f"{ASH}/ap/cases/1"
BIRCH = "https://birch.example"
CLEO = f"{BIRCH}/u/cleo"
DOV = f"{BIRCH}/u/dov"
CEDAR = "https://cedar.example"
EVE = f"{CEDAR}/u/eve"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def signed(owner):
    return Verified(f"{owner}#main-key", owner, Profile.RFC9421, (), NOON, b"mark")


def arrived(document, *, by=CLEO, local=None):
    local = local or Local(ASH, GROUP)
    inbox = f"{local.actor}/inbox" if local.actor else f"{ASH}/ap/inbox"
    return Arrived(inbox, local, document, b"{}", signed(by))


def follow(**changed):
    return activity("Follow", GROUP, **changed)


def create(note=None, **changed):
    return activity("Create", note or reply(), **{"to": [GROUP], **changed})


def reply(**changed):
    return {
        "id": f"{BIRCH}/notes/1",
        "type": "Note",
        "attributedTo": CLEO,
        "inReplyTo": CASE,
        "content": "<p>Same here.</p>",
        **changed,
    }


def activity(type_, about, **changed):
    return {
        "id": f"{BIRCH}/activities/1",
        "type": type_,
        "actor": CLEO,
        "object": about,
        **changed,
    }
