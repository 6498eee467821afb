"""Every way the community's rules say no, each with a stable code.

A refusal is an answer for a person: its text is safe to show as it stands.
"""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - the community's word: an answer, not a fault
    """The community's own rules do not allow what was asked.

    A refusal is an answer for a person, so its text is always safe to show. It
    never carries another member's words, a key, or a stack trace.
    """

    #: Stable name that documentation, translations and other nodes may rely on.
    code: ClassVar[str] = "refused"

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        #: Named values for a translation of `code`; as safe to show as `reason`.
        self.values = values


class NotFound(Refusal):
    """There is nothing of that name here, or nothing this person may know of."""

    code = "not-found"


class NotYours(Refusal):
    """An act on a case was tried by somebody who has no such part in it."""

    code = "case.not-yours"


class WrongState(Refusal):
    """The case has moved past the point where this makes sense."""

    code = "case.wrong-state"


class Conflict(Refusal):
    """Somebody else changed the case in the meantime; look again, then decide."""

    code = "case.conflict"


class DraftLocked(Conflict):
    """Somebody else is writing the same reply at this moment."""

    code = "draft.locked"


class SecondPerson(Refusal):
    """Another holder of the same right must agree first."""

    code = "case.second-person"


class ReasonMissing(Refusal):
    """The member may read why, so a reason has to be given."""

    code = "case.reason-missing"


class NoMessage(Refusal):
    """The member has to be told in a message, and none was written."""

    code = "case.no-message"


class Denied(Refusal):
    """The community's rules do not give this person that right."""

    code = "rules.denied"

    def __init__(self, reason: str, *, rules: tuple[str, ...]) -> None:
        super().__init__(reason)
        #: The ids of the rules that decided.
        self.rules = rules


class RulesInvalid(Refusal):
    """The bylaws break their schema, the floor, or a rule between fields."""

    code = "rules.invalid"

    def __init__(self, *findings: str) -> None:
        super().__init__("These rules cannot be used: " + " ".join(findings))
        #: One sentence for each thing that is wrong.
        self.findings = findings


class NotOnePerson(Refusal):
    """Two rows cannot be made one person, or were already."""

    code = "people.not-one"


class ConsentMissing(Refusal):
    """The member has not agreed to this, or no longer agrees."""

    code = "consent.missing"


class OwnGrant(Refusal):
    """Nobody gives a role to themselves, under whatever name they are here."""

    code = "grant.own"


class NoSeat(Refusal):
    """As many people hold this role as the community wants at once."""

    code = "grant.no-seat"


class CasesLeft(Refusal):
    """A role does not end early while its holder has cases that only it opens."""

    code = "grant.open-cases"


class NoAgreement(Refusal):
    """No agreement with that community is in force, so nothing goes there."""

    code = "handover.no-agreement"


class CalendarNeverOpens(Refusal):
    """No time can be promised in a calendar that never opens."""

    code = "pledge.calendar-never-opens"


class Invalid(Refusal):
    """Something that was typed or sent cannot be used as it is."""

    code = "invalid"


class WordsMissing(Invalid):
    """There are no words where words are needed."""

    code = "invalid.words-missing"


class WordsTooLong(Invalid):
    """The words are longer than can be kept in one piece."""

    code = "invalid.words-too-long"


class CharactersInvalid(Invalid):
    """The words hold characters that are no text."""

    code = "invalid.characters"


class ValueInvalid(Invalid):
    """A value is neither an amount, nor a quantity, nor a number of days."""

    code = "invalid.value"


class ContactInvalid(Invalid):
    """An address is none that anything could be sent to."""

    code = "invalid.contact"


class ReferenceInvalid(Invalid):
    """A reference is none that a community could have given out."""

    code = "invalid.reference"


class LanguageInvalid(Invalid):
    """A language was not named by its tag."""

    code = "invalid.language"


class ChoiceInvalid(Invalid):
    """A choice is missing, or is none of those there are."""

    code = "invalid.choice"


class CalendarInvalid(Invalid):
    """A file of closed days is damaged, or says more than is counted with here."""

    code = "invalid.calendar"


class FileEmpty(Invalid):
    """A file has nothing in it."""

    code = "invalid.file-empty"


class FileTooLarge(Invalid):
    """A file is larger than what is kept here."""

    code = "invalid.file-size"


class FileTooMany(Invalid):
    """There are more files than are kept with one message, or in one case."""

    code = "invalid.file-count"


class FileKind(Invalid):
    """A file is of no kind that is kept here."""

    code = "invalid.file-kind"


class FileLies(Invalid):
    """A file is something else than its name or its sender says."""

    code = "invalid.file-lies"


class FilePixels(Invalid):
    """A picture has more pixels than are opened here."""

    code = "invalid.file-pixels"


class FileDamaged(Invalid):
    """A picture cannot be read to its end."""

    code = "invalid.file-damaged"


class AuthRequired(Refusal):
    """Only people who have signed in can do this."""

    code = "auth.required"


class AuthScope(Refusal):
    """The program that asks was not given this right by its member."""

    code = "auth.scope"


class Throttled(Refusal):
    """The same was asked too often in a short time."""

    code = "throttled"

    def __init__(self, reason: str, *, retry_after: int) -> None:
        super().__init__(reason, retry_after=retry_after)
        #: Seconds to wait before asking again.
        self.retry_after = retry_after


class StillRunning(Refusal):
    """The same call is being worked on at this moment; ask again in a second."""

    code = "idempotency.running"


class IdempotencyMismatch(Refusal):
    """The same key came before with another content."""

    code = "idempotency.mismatch"


class LinkInvalid(Refusal):
    """A link was never given out, has ended, or was used."""

    code = "link.invalid"


class SignInInvalid(Refusal):
    """What was given signs nobody in."""

    code = "sign-in.invalid"


class ReadOnly(Refusal):
    """The node takes in nothing new at the moment; reading goes on."""

    code = "read-only"


class Unrecorded(Refusal):
    """Nobody reads here what it cannot be written down that they read."""

    code = "access.unrecorded"
