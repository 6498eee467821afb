"""Notes of the desk, as programs of those who work on a case write and read them."""

from marshmallow import fields, validate

from governance.threads import NoteKind
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming

_LONGEST_LINE = 300


class NewDeskNote(Coming):
    """A note that the member does not see; a sealed one says why."""

    text = fields.String(required=True, validate=validate.Length(min=1))
    kind = fields.Enum(NoteKind, by_value=True, load_default=NoteKind.WORKING)
    reason = fields.String(load_default="", validate=validate.Length(max=_LONGEST_LINE))


class DeskNoteShown(Going):
    """One note; of a sealed one of somebody else, only that it is there."""

    id = fields.UUID()
    kind = fields.Enum(NoteKind, by_value=True)
    who = fields.String()
    at = Moment()
    text = fields.String(allow_none=True)
    reason = fields.String()


class DeskNotes(Going):
    """The notes of a case, oldest first; null to whoever has no part in them."""

    items = fields.List(fields.Nested(DeskNoteShown), allow_none=True)


class DeskNoteMade(Going):
    """The number of a note."""

    id = fields.UUID()
