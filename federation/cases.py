"""Public cases as notes, written so that other software shows them.

A case goes out only in the words its member agreed to make public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from federation import markup
from federation.activities import stamp
from federation.notes import ReceivedNote, read_note, read_post
from federation.terms import INTERACTIONS, PUBLIC, context
from governance.cases import State

__all__ = [
    "STATUSES", "PublicCase", "ReceivedNote", "Topic", "create", "delete", "document",
    "note", "read_note", "read_post", "tombstone", "update",
]  # fmt: skip

#: How each state of a case is told to others. What is missing travels as `Delete`.
STATUSES: Final[Mapping[State, str]] = {
    State.RECEIVED: "fm:open",
    State.QUEUED: "fm:open",
    State.ASSIGNED: "fm:assigned",
    State.WORKING: "fm:assigned",
    State.WAITING_MEMBER: "fm:waiting",
    State.WAITING_OTHER: "fm:waiting",
    State.RESOLVED: "fm:resolved",
    State.CLOSED: "fm:closed",
    State.TRANSFERRED: "fm:transferred",
}
_WORDS: Final = ("fm", "sensitive", "Hashtag", *INTERACTIONS)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a case is about, and the page of all such cases."""

    name: str
    page: str


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What a member agreed to make public of a case."""

    id: str
    #: The community that answers for it.
    group: str
    number: str
    title: str
    #: Plain text; an empty line ends a paragraph.
    words: str
    language: str
    page: str
    state: State
    published: datetime
    topics: tuple[Topic, ...] = ()
    changed: datetime | None = None


def note(case: PublicCase) -> dict[str, object]:
    """Return a public case as other software shows it."""
    content = _content(case)
    changed = {"updated": stamp(case.changed)} if case.changed else {}
    return {
        "id": case.id,
        "type": "Note",
        "attributedTo": case.group,
        "name": case.title,
        "content": content,
        "contentMap": {case.language: content},
        "published": stamp(case.published),
        **changed,
        "url": case.page,
        "context": f"{case.id}/thread",
        "replies": f"{case.id}/replies",
        "audience": case.group,
        **_everybody(case.group),
        "sensitive": False,
        "tag": [
            {"type": "Hashtag", "name": f"#{topic.name}", "href": topic.page}
            for topic in case.topics
        ],
        "interactionPolicy": _policy(case.group),
        "fm:caseNumber": case.number,
        "fm:caseStatus": STATUSES[case.state],
        "fm:category": [topic.name for topic in case.topics],
    }


def document(case: PublicCase) -> dict[str, object]:
    """Return a public case as it is served by itself."""
    return {"@context": context(*_WORDS), **note(case)}


def create(case: PublicCase, *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that makes a case known."""
    return _act("Create", case, iri=iri, at=at)


def update(case: PublicCase, *, iri: str, at: datetime) -> dict[str, object]:
    """Return the activity that says a case has changed."""
    return _act("Update", case, iri=iri, at=at)


def delete(
    case_id: str, *, group: str, iri: str, at: datetime, former: str = "Note"
) -> dict[str, object]:
    """Return the activity that takes a public case, or another post of ours, back."""
    return {
        "@context": context(),
        "id": iri,
        "type": "Delete",
        "actor": group,
        "published": stamp(at),
        **_everybody(group),
        "object": {
            "id": case_id,
            "type": "Tombstone",
            "formerType": former,
            "deleted": stamp(at),
        },
    }


def tombstone(case_id: str, *, at: datetime, former: str = "Note") -> dict[str, object]:
    """Return what is served in place of something that was taken back."""
    return {
        "@context": context(),
        "id": case_id,
        "type": "Tombstone",
        "formerType": former,
        "deleted": stamp(at),
    }


def _act(kind: str, case: PublicCase, *, iri: str, at: datetime) -> dict[str, object]:
    return {
        "@context": context(*_WORDS),
        "id": iri,
        "type": kind,
        "actor": case.group,
        "published": stamp(at),
        **_everybody(case.group),
        "object": note(case),
    }


def _everybody(group: str) -> dict[str, list[str]]:
    return {"to": [PUBLIC], "cc": [f"{group}/followers"]}


def _content(case: PublicCase) -> str:
    # Much software shows no `name` of a note, so the title stands in the text too.
    title = f"<p><strong>{escape(case.title, quote=False)}</strong></p>"
    tags = " ".join(
        f'<a href="{escape(topic.page)}" rel="tag">#{escape(topic.name)}</a>'
        for topic in case.topics
    )
    words = "".join(markup.paragraphs(case.words))
    return title + words + (f"<p>{tags}</p>" if tags else "")


def _policy(group: str) -> dict[str, object]:
    anybody = {"automaticApproval": [PUBLIC]}
    return {
        "canReply": {"automaticApproval": [group], "manualApproval": [PUBLIC]},
        "canLike": anybody,
        "canAnnounce": anybody,
        "canQuote": {"automaticApproval": [group]},
    }
