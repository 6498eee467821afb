"""What goes out over the API. Fields only ever grow in number."""

from marshmallow import fields

from governance.cases import Act, DeadlineSource, Outcome, Part, Priority, State
from governance.intake import Channel
from node.wishes import Chance
from web.schemas.api.base import Going, Moment
from web.schemas.api.parts import (
    ChosenShown,
    ConsentShown,
    DelayShown,
    EntryShown,
    InquiryShown,
    LadderShown,
    LedgerShown,
    PersonShown,
    PledgeKept,
    PledgeShown,
)
from web.schemas.api.plans import PlanShown


class SubmissionMade(Going):
    """What the teller holds in their hands afterwards."""

    submission_id = fields.UUID()
    case_ref = fields.String(attribute="reference")
    words = fields.List(fields.String())
    track_url = fields.String()
    token = fields.String(attribute="link_token")
    pledges = fields.List(fields.Nested(PledgeShown))
    receipt_url = fields.String()


class MessageMade(Going):
    """Where a message and its receipt are."""

    seq = fields.Integer()
    receipt_url = fields.String()


class FileMade(Going):
    """Where a file and its receipt are."""

    id = fields.UUID()
    seq = fields.Integer()
    receipt_url = fields.String()


class ConsentReceipt(Going):
    """The receipt of one consent, as a document to keep."""

    receipt = fields.Dict(keys=fields.String())


class CaseListed(Going):
    """One case in a list."""

    case_ref = fields.String(attribute="reference")
    title = fields.String()
    state = fields.Enum(State, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    priority = fields.Enum(Priority, by_value=True, allow_none=True)
    channel = fields.Enum(Channel, by_value=True)
    area_name = fields.String()
    received_at = Moment()
    next_due_at = Moment(allow_none=True)
    turn = fields.Boolean()
    disputed = fields.Boolean()
    tags = fields.List(fields.String())
    sorted_by = fields.String()


class CaseList(Going):
    """A part of a list of cases. `next` is the cursor of the part that follows."""

    items = fields.List(fields.Nested(CaseListed))
    next = fields.String(allow_none=True)


class CasesFound(Going):
    """At most 50 cases that hold all the words; `more` says if there are others."""

    items = fields.List(fields.Nested(CaseListed), attribute="lines")
    more = fields.Boolean()


class WishShown(Going):
    """What asking for somebody else led to."""

    change = fields.Enum(Chance, by_value=True)


class CaseShown(Going):
    """A case, as whoever asks may see it."""

    case_ref = fields.String(attribute="reference")
    title = fields.String()
    state = fields.Enum(State, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    priority = fields.Enum(Priority, by_value=True, allow_none=True)
    priority_reason = fields.String()
    tags = fields.List(fields.String())
    sorted_by = fields.String()
    deadline_on = fields.Date(allow_none=True)
    deadline_source = fields.Enum(DeadlineSource, by_value=True, allow_none=True)
    part = fields.Enum(Part, by_value=True)
    turn = fields.Boolean()
    disputed = fields.Boolean()
    language = fields.String()
    channel = fields.Enum(Channel, by_value=True)
    received_at = Moment()
    closed_at = Moment(allow_none=True)
    responsible = fields.Nested(PersonShown, allow_none=True)
    chosen = fields.Nested(ChosenShown, allow_none=True)
    place = fields.String()
    area_name = fields.String()
    text = fields.String(attribute="story")
    wanted_outcome = fields.String(attribute="wanted")
    queue_place = fields.Integer(allow_none=True)
    plan = fields.Nested(PlanShown)
    pledges = fields.List(fields.Nested(PledgeKept))
    ladder = fields.Nested(LadderShown)
    inquiries = fields.List(fields.Nested(InquiryShown))
    delays = fields.List(fields.Nested(DelayShown))
    timeline = fields.List(fields.Nested(EntryShown))
    consents = fields.List(fields.Nested(ConsentShown))
    acts = fields.List(fields.Enum(Act, by_value=True))
    ledger = fields.Nested(LedgerShown)
