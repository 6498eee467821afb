"""Notes that a member asks for, as programs ask, see and decide about them."""

from marshmallow import fields

from governance.releases import Outcome
from governance.threads import NoteKind
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NotesWait(Going):
    """Whether there is a note that nobody decided about."""

    waiting = fields.Boolean()


class NoteShown(Going):
    """One note as its member has it."""

    at = Moment()
    who = fields.String()
    kind = fields.Enum(NoteKind, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True)
    text = fields.String()
    reason = fields.String()


class NotesAsked(Going):
    """What a member asked for, and what came of it."""

    due_at = Moment(allow_none=True)
    late = fields.Boolean()
    notes = fields.List(fields.Nested(NoteShown))


class NoteWaiting(Going):
    """A note to decide about, without a word of it."""

    id = fields.UUID()
    reference = fields.String()
    kind = fields.Enum(NoteKind, by_value=True)
    written_at = Moment()
    due_at = Moment()
    late = fields.Boolean()


class NotesWaiting(Going):
    """The notes that wait for one's decision, the most urgent first."""

    items = fields.List(fields.Nested(NoteWaiting))


class NoteOpened(NoteWaiting):
    """A note with its words."""

    who = fields.String()
    text = fields.String()
    sealed_for = fields.String()


class NewDecision(Coming):
    """What the member reads; leaving something out needs a reason."""

    text = fields.String(
        required=True, metadata=said("What its member reads of it.", words=True)
    )
    reason = fields.String(
        load_default="", metadata=said("Why it is not all of it.", words=True)
    )


class Decided(Going):
    """What became of a note."""

    outcome = fields.Enum(Outcome, by_value=True)
