"""Posts of others, public cases among them: what is believed of them, and shown.

The source stays as it came, beside what of it may stand in a page. What is private
never travels as a post, and a post that looks private is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation import activities, markup, measures
from federation.activities import Activity, Document, identifier, text
from federation.errors import ActivityMalformed, ActorMismatch

_PRIVATE: Final = ("fm:sealed", "fm:consent")


@dataclass(frozen=True, slots=True)
class ReceivedNote:
    """A stranger's post: who says it, where it belongs, and what may be shown of it."""

    id: str
    type: str
    author: str
    #: As it came. Never shown.
    source: str
    #: What of it may stand in a page of ours.
    html: str
    text: str
    name: str
    summary: str
    #: Where it can be read by people; shown with its host.
    page: str | None
    in_reply_to: str | None
    thread: str | None
    mentions: tuple[str, ...]
    attachments: int
    sensitive: bool
    public: bool
    #: What it says of its own time; None for what is no time.
    published: datetime | None
    changed: datetime | None
    document: Document


def read_note(document: Document) -> ReceivedNote:
    """Return a post as we keep and show it, or refuse what is none."""
    measures.check(document)
    if any(document.get(key) is not None for key in _PRIVATE):
        raise ActivityMalformed("What is private does not travel as a post.")
    iri, author = document.get("id"), identifier(document.get("attributedTo"))
    kinds = activities.kinds(document)
    if not isinstance(iri, str) or not iri or not author or not kinds:
        raise ActivityMalformed("A post has one id, one author and a type.")
    source = _source(document)
    return ReceivedNote(
        id=iri,
        type=kinds[0],
        author=author,
        source=source,
        html=markup.clean(source),
        text=markup.plain(source),
        name=text(document.get("name")),
        summary=text(document.get("summary")),
        page=_page(document.get("url")),
        in_reply_to=identifier(document.get("inReplyTo")),
        thread=identifier(document.get("context")),
        mentions=_mentions(document),
        attachments=len(activities.several(document.get("attachment"))),
        sensitive=document.get("sensitive") is True,
        public=activities.public(document),
        published=activities.moment(document.get("published")),
        changed=activities.moment(document.get("updated")),
        document=document,
    )


def read_post(activity: Activity) -> ReceivedNote:
    """Return the post that an activity makes or changes, if it is the actor's own."""
    if activity.object is None:
        raise ActivityMalformed("The post did not come along.")
    post = read_note(activity.object)
    if post.author != activity.actor:
        raise ActorMismatch("The post is not by whoever sent it.")
    return post


def _source(document: Document) -> str:
    if found := text(document.get("content")):
        return found
    translated = document.get("contentMap")
    texts = translated.values() if isinstance(translated, dict) else ()
    return next((each for each in texts if isinstance(each, str)), "")


def _page(value: object) -> str | None:
    # Only the id has authority: this is where people may look, and no more.
    for each in activities.several(value):
        found = markup.link(each.get("href") if isinstance(each, dict) else each)
        if found and not found.startswith("mailto:"):
            return found
    return None


def _mentions(document: Document) -> tuple[str, ...]:
    found = []
    for tag in activities.several(document.get("tag")):
        match tag:
            case {"type": "Mention", "href": str(named)}:
                found.append(named)
    return tuple(found)
