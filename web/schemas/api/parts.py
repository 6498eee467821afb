"""What a case is made of, as it goes out over the API."""

from marshmallow import fields

from governance.cases import Act
from governance.consent import Purpose
from governance.delays import Reading
from governance.files import Media
from governance.intake import Channel
from governance.parties import Role
from governance.pledges import Cause as MissCause
from governance.pledges import Choice, PledgeKind, PledgeState
from ledger.receipt import Level
from web.schemas.api.base import Going, Moment


class PledgeShown(Going):
    """A promise."""

    kind = fields.Enum(PledgeKind, by_value=True)
    due_at = Moment(allow_none=True)
    rule_version = fields.String(attribute="rules")


class PledgeKept(PledgeShown):
    """A promise, and what became of it."""

    id = fields.UUID()
    state = fields.Enum(PledgeState, by_value=True)
    met_at = Moment(allow_none=True)
    missed_at = Moment(allow_none=True)
    cause = fields.Enum(MissCause, by_value=True, allow_none=True)
    step = fields.Integer(attribute="rung", allow_none=True)


class FileShown(Going):
    """A file beside words."""

    id = fields.UUID()
    name = fields.String()
    media = fields.Enum(Media, by_value=True)
    size = fields.Integer()


class PersonShown(Going):
    """Somebody who answers for a case."""

    id = fields.UUID()
    name = fields.String()


class ChosenShown(Going):
    """How whoever has a case was found; nobody is named who was not."""

    method = fields.String()
    candidates = fields.Integer()
    excluded = fields.Dict(
        keys=fields.String(), values=fields.Integer(), attribute="reasons"
    )
    scores = fields.List(fields.String())
    rules = fields.String()
    until = Moment(allow_none=True)


class SpokenShown(Going):
    """That something was said or on paper, and who wrote it down."""

    id = fields.UUID()
    by_name = fields.String()
    at = Moment()
    whole = fields.Boolean()
    denied_at = Moment(allow_none=True)


class EntryShown(Going):
    """One thing that happened in a case."""

    seq = fields.Integer()
    at = Moment()
    who = fields.String()
    name = fields.String()
    kind = fields.String()
    text = fields.String()
    act = fields.Enum(Act, by_value=True, allow_none=True)
    reason = fields.String()
    machine = fields.Boolean()
    channel = fields.Enum(Channel, by_value=True, allow_none=True)
    seal = fields.String(allow_none=True)
    erased = fields.String()
    step = fields.Integer(attribute="rung", allow_none=True)
    choice = fields.String()
    other = fields.String()
    number = fields.Integer()
    pledge = fields.Enum(PledgeKind, by_value=True, allow_none=True)
    cause = fields.Enum(MissCause, by_value=True, allow_none=True)
    receipt_url = fields.String()
    file = fields.Nested(FileShown, allow_none=True)
    spoken = fields.Nested(SpokenShown, allow_none=True)
    party = fields.Enum(Role, by_value=True, allow_none=True)


class DelayShown(Going):
    """Somebody outside who let their day pass."""

    whom = fields.String()
    times = fields.Integer()
    asked = fields.Integer()
    first = Moment()
    last = Moment()


class InquiryShown(Going):
    """Somebody outside who was asked, and what came of it."""

    whom = fields.String()
    asked_at = Moment()
    due_at = Moment()
    ended_at = Moment(allow_none=True)
    reading = fields.Enum(Reading, by_value=True, allow_none=True)


class ConsentShown(Going):
    """Something a member agreed to."""

    id = fields.UUID()
    purpose = fields.Enum(Purpose, by_value=True)
    recipient = fields.String()
    given_at = Moment()
    withdrawn_at = Moment(allow_none=True)


class EntryStood(Going):
    """One entry of a case in the ledger."""

    seq = fields.Integer()
    level = fields.Enum(Level, by_value=True, allow_none=True)
    theirs = fields.Boolean()
    signed = fields.Boolean()


class LedgerShown(Going):
    """How a case stands in the ledger, and what a device needs to sign in it."""

    log = fields.String()
    case = fields.String(attribute="chain")
    kc = fields.String()
    last = fields.String()
    key_by = fields.String()
    witnesses = fields.Integer()
    entries = fields.List(fields.Nested(EntryStood))


class LadderShown(Going):
    """How far up a case is since promises in it were missed."""

    step = fields.Integer(attribute="rung", allow_none=True)
    may_escalate = fields.Boolean()
    offered = fields.Boolean()
    choice = fields.Enum(Choice, by_value=True, allow_none=True)
