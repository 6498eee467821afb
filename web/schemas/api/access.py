"""Reads and disclosures, as programs ask for them and get them."""

from datetime import UTC

from marshmallow import fields, validate

from governance.access import Field, Ground, Sent
from web.counts import LARGEST
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming


class Before(Coming):
    """After which line to go on."""

    before = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))


class ReaderShown(Going):
    """Somebody who can see a case."""

    part = fields.String()
    name = fields.String()


class ReadShown(Going):
    """One read of a case; `name` is empty where only roles are shown."""

    id = fields.Integer()
    at = Moment()
    last_at = Moment()
    times = fields.Integer()
    role = fields.String()
    field = fields.Enum(Field, by_value=True)
    ground = fields.Enum(Ground, by_value=True)
    name = fields.String()


class DisclosureShown(Going):
    """One thing that left, and the consent that let it."""

    what = fields.Enum(Sent, by_value=True)
    recipient = fields.String()
    at = Moment()
    consent_id = fields.UUID(allow_none=True)


class ExceptionShown(Going):
    """One look that no role opened, and what it was for."""

    at = Moment()
    until = Moment()
    role = fields.String()
    reason = fields.String()


class SharingShown(Going):
    """Who got to see a case."""

    reference = fields.String()
    readers = fields.List(fields.Nested(ReaderShown))
    reads = fields.List(fields.Nested(ReadShown))
    last = fields.Integer(allow_none=True)
    disclosures = fields.List(fields.Nested(DisclosureShown))
    exceptions = fields.List(fields.Nested(ExceptionShown))


class Sought(Before):
    """Which reads are looked for."""

    field = fields.Enum(Field, by_value=True, load_default=None)
    ground = fields.Enum(Ground, by_value=True, load_default=None)
    since = fields.AwareDateTime(load_default=None, default_timezone=UTC)


class AuditLineShown(Going):
    """One read; `who` and `case` are pseudonyms unless names are shown."""

    id = fields.Integer()
    at = Moment()
    last_at = Moment()
    times = fields.Integer()
    who = fields.String()
    role = fields.String()
    field = fields.Enum(Field, by_value=True)
    ground = fields.Enum(Ground, by_value=True)
    case = fields.String()
    channel = fields.String()
    glass = fields.Boolean()


class AuditShown(Going):
    """A part of the log of reads."""

    lines = fields.List(fields.Nested(AuditLineShown))
    last = fields.Integer(allow_none=True)
    named = fields.Boolean()
