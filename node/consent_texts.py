"""What a member agrees to, purpose by purpose, in the words that are kept with it.

A record names these words by their version and hash, so that nobody can say later that
other words were agreed to. Who changes them gives them a new version.
"""

from dataclasses import dataclass
from hashlib import sha256

from governance.consent import Purpose
from governance.joins import Scope, scope_of
from node import language


#: Marks a text for the catalogues; it is translated when it is shown or hashed.
def _(text: str) -> str:
    return text


TEXTS: dict[Purpose, str] = {
    Purpose.HANDLE_CASE: _(
        "I agree that the people named here use what I wrote to work on my case, and"
        " for nothing else."
    ),
    Purpose.CONTACT_CASE: _(
        "I agree that you write to me or call me about this case, and about nothing"
        " else."
    ),
    Purpose.SHARE_WITH_NODE: _(
        "I agree that the partner community named here gets this case, to work on it."
    ),
    Purpose.SHARE_WITH_BODY: _(
        "I agree that the body named here gets what it needs of this case to answer it."
    ),
    Purpose.JOIN_COLLECTIVE: _(
        "I agree that my case goes on together with those of others."
    ),
    Purpose.PUBLISH: _("I agree that everybody may read the public words of my case."),
    Purpose.CONTACT_OUTREACH: _(
        "I agree that you ask me, by the way named here, to take part in what you do."
    ),
    Purpose.RECORD_CALL: _("I agree that a call about this case is recorded."),
    Purpose.KEEP_AFTER_CLOSE: _(
        "I agree that you keep this case with my name after it is closed. You ask me"
        " again when that time is over."
    ),
    Purpose.STATISTICS_TRAITS: _(
        "I agree that what I said about myself is counted in statistics, where nobody"
        " can find me."
    ),
    Purpose.INTRODUCE: _(
        "I agree that the person named here gets my name and how to reach me."
    ),
    Purpose.MEDIA: _("I agree that you show pictures and words of mine in public."),
}


#: What somebody agrees to besides joining others.
JOINING: dict[Scope, str] = {
    Scope.COUNTED: _(
        "I agree that I am counted among those who joined this common matter."
    ),
    Scope.JOINERS: _("I agree that the others who joined read my name."),
    Scope.RESPONDENT: _(
        "I agree that whoever is asked to put this right is told my name."
    ),
    Scope.CONTACT: _(
        "I agree that whoever works on the common matter writes to me about it."
    ),
}


#: What somebody agrees to who keeps the files of a closed case as long as it.
KEEPING = _(
    "I agree that you keep this case with my name and its files after it is closed. You"
    " ask me again when that time is over."
)


@dataclass(frozen=True, slots=True)
class Notice:
    """The words of one consent in one language."""

    text: str
    tag: str

    @property
    def hash(self) -> str:
        """What a record keeps of them."""
        return sha256(self.text.encode()).hexdigest()


def notice(purpose: Purpose, wanted: str, recipient: str | None = None) -> Notice:
    """Return what somebody who reads this language agrees to."""
    spoken = language.spoken(wanted)
    return Notice(spoken.gettext(words(purpose, recipient)), spoken.tag)


def words(purpose: Purpose, recipient: str | None) -> str:
    """Return the words of a consent, before they are translated."""
    if purpose is Purpose.KEEP_AFTER_CLOSE and recipient:
        return KEEPING
    scope = scope_of(recipient or "") if purpose is Purpose.JOIN_COLLECTIVE else None
    return JOINING[scope] if scope else TEXTS[purpose]
