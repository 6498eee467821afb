"""People and their doubles, as programs of the desk see and decide them."""

from marshmallow import fields

from governance.intake import Identity
from governance.likeness import Likeness
from governance.people import ContactKind, ContactState, Provenance
from node.matches import Reason
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class DoubleShown(Going):
    """Somebody whom another could be, and why."""

    id = fields.UUID()
    name = fields.String()
    member = fields.Boolean()
    reasons = fields.List(fields.Enum(Reason, by_value=True))
    likeness = fields.Enum(Likeness, by_value=True, allow_none=True)


class UnmatchedShown(Going):
    """A case that could be from somebody known."""

    reference = fields.String()
    title = fields.String()
    received_at = Moment()
    person_id = fields.UUID()
    name = fields.String()
    identity = fields.Enum(Identity, by_value=True)
    doubles = fields.List(fields.Nested(DoubleShown))


class UnmatchedList(Going):
    """Cases that could be from somebody known, the newest first."""

    items = fields.List(fields.Nested(UnmatchedShown))


class ContactShown(Going):
    """One way to reach a person; only the ends are shown."""

    id = fields.UUID()
    masked = fields.String()
    kind = fields.Enum(ContactKind, by_value=True)
    state = fields.Enum(ContactState, by_value=True)
    provenance = fields.Enum(Provenance, by_value=True)
    verified_at = Moment(allow_none=True)


class Revealed(Going):
    """One way to reach a person, in the open."""

    kind = fields.Enum(ContactKind, by_value=True)
    value = fields.String()


class MergeShown(Going):
    """That somebody turned out to be this person."""

    id = fields.UUID()
    name = fields.String()
    at = Moment()


class StatementShown(Going):
    """What somebody says is right about them."""

    at = Moment()
    words = fields.String()


class PersonAtDesk(Going):
    """A person as the desk may see them."""

    id = fields.UUID()
    name = fields.String()
    identity = fields.Enum(Identity, by_value=True)
    member = fields.Boolean()
    contacts = fields.List(fields.Nested(ContactShown))
    cases = fields.List(fields.Pluck("CaseNamed", "reference"))
    merges = fields.List(fields.Nested(MergeShown))
    statements = fields.List(fields.Nested(StatementShown))
    doubles = fields.List(fields.Nested(DoubleShown))


class CaseNamed(Going):
    """A case by its reference."""

    reference = fields.String()


class NewMerge(Coming):
    """Who turned out to be this person."""

    person_id = fields.UUID(required=True, metadata=said("Who: an id."))


class NewApart(Coming):
    """Who is somebody else than this person."""

    person_id = fields.UUID(required=True, metadata=said("Who: an id."))


class MergeMade(Going):
    """What takes it back."""

    id = fields.UUID()
