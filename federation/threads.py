"""Talk about a public case: replies from anywhere, approved by the community.

A stranger's reply is passed on as it came, never rewritten; what the community says to
it is the stamp it serves. Nothing here is merged into the private file of a case.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation import cases, markup
from federation.activities import Activity, Document, stamp
from federation.cases import ReceivedNote
from federation.errors import ActivityMalformed
from federation.terms import PUBLIC, context

_APPROVAL: Final = ("gts", "ReplyApproval")


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody of ours says in public about a case."""

    id: str
    author: str
    #: The case or reply that is answered, and who wrote that.
    parent: str
    parent_author: str
    case_id: str
    group: str
    #: Plain text; an empty line ends a paragraph.
    words: str
    language: str
    page: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A community's word that a stranger's reply belongs to a case."""

    reply: str
    author: str
    case_id: str
    group: str
    #: Where the stamp is served, for as long as the approval holds.
    stamp: str


def reply(said: Reply) -> dict[str, object]:
    """Return a reply as other software shows it."""
    content = "".join(markup.paragraphs(said.words))
    # Naming whoever is answered is how their software tells them.
    mentions = [{"type": "Mention", "href": said.parent_author}]
    return {
        "id": said.id,
        "type": "Note",
        "attributedTo": said.author,
        "inReplyTo": said.parent,
        "content": content,
        "contentMap": {said.language: content},
        "published": stamp(said.published),
        "url": said.page,
        "context": f"{said.case_id}/thread",
        "audience": said.group,
        "to": [PUBLIC],
        "cc": list(dict.fromkeys((said.group, said.parent_author))),
        "tag": mentions if said.parent_author != said.group else [],
    }


def create(said: Reply, *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that makes a reply known."""
    note = reply(said)
    return {
        "@context": context(),
        "id": iri,
        "type": "Create",
        "actor": said.author,
        "published": stamp(at),
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }


def read_reply(activity: Activity) -> ReceivedNote:
    """Return a stranger's reply, if it is public, their own, and answers something."""
    post = cases.read_post(activity)
    if not post.in_reply_to:
        raise ActivityMalformed("The post answers nothing.")
    if not post.public:
        raise ActivityMalformed("A reply to a public case is public.")
    return post


def approval(approved: Approval, *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that tells the author, and everybody, of an approval."""
    return {
        "@context": context(),
        "id": iri,
        "type": "Accept",
        "actor": approved.group,
        "published": stamp(at),
        "to": [approved.author],
        "cc": [PUBLIC],
        "object": approved.reply,
        "target": approved.case_id,
        "result": approved.stamp,
    }


def served_stamp(approved: Approval) -> dict[str, object]:
    """Return the document that proves an approval to whoever looks it up."""
    return {
        "@context": context(*_APPROVAL),
        "id": approved.stamp,
        "type": "ReplyApproval",
        "attributedTo": approved.group,
        "object": approved.reply,
        "target": approved.case_id,
    }


def announce(
    activity: Document, *, group: str, iri: str, at: datetime
) -> dict[str, object]:
    """Return the activity that passes another's on to the followers, unchanged."""
    return {
        "@context": context(),
        "id": iri,
        "type": "Announce",
        "actor": group,
        "published": stamp(at),
        "to": [PUBLIC],
        "cc": [f"{group}/followers"],
        "object": activity,
    }


def unannounce(
    announced: str, activity: str, *, group: str, iri: str, at: datetime
) -> dict[str, object]:
    """Return the activity that takes back that another's was passed on, by its ids."""
    everybody = {"to": [PUBLIC], "cc": [f"{group}/followers"]}
    return {
        "@context": context(),
        "id": iri,
        "type": "Undo",
        "actor": group,
        "published": stamp(at),
        **everybody,
        "object": {
            "id": announced,
            "type": "Announce",
            "actor": group,
            **everybody,
            "object": activity,
        },
    }
