"""What goes out over the API. Fields only ever grow in number."""

from datetime import UTC, datetime

from marshmallow import EXCLUDE, Schema, fields

from governance.cases import Act, Outcome, Part, Priority, State
from governance.consent import Purpose
from governance.files import Media
from governance.intake import Channel
from governance.pledges import Cause as MissCause
from governance.pledges import Choice, PledgeKind, PledgeState
from ledger.receipt import Level


class Moment(fields.Field[datetime]):
    """A moment in UTC, as RFC 3339 with `Z`. It only goes out."""

    def _serialize(
        self,
        value: datetime | None,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        obj: object,  # noqa: ARG002 - idem
        **kwargs: object,  # noqa: ARG002 - idem
    ) -> str | None:
        if value is None:
            return None
        text = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


class Going(Schema):
    """What goes out. More fields may be added at any time, so clients ignore those."""

    class Meta:
        """Promise no closed list of fields."""

        unknown = EXCLUDE


class PledgeShown(Going):
    """A promise."""

    kind = fields.Enum(PledgeKind, by_value=True)
    due_at = Moment(allow_none=True)
    rule_version = fields.String(attribute="rules")


class PledgeKept(PledgeShown):
    """A promise, and what became of it."""

    state = fields.Enum(PledgeState, by_value=True)
    met_at = Moment(allow_none=True)
    missed_at = Moment(allow_none=True)
    cause = fields.Enum(MissCause, by_value=True, allow_none=True)
    step = fields.Integer(attribute="rung", allow_none=True)


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
    receipt_url = fields.String()
    file = fields.Nested(FileShown, allow_none=True)


class ConsentShown(Going):
    """Something a member agreed to."""

    id = fields.UUID()
    purpose = fields.Enum(Purpose, by_value=True)
    recipient = fields.String()
    given_at = Moment()
    withdrawn_at = Moment(allow_none=True)


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


class CaseList(Going):
    """A part of a list of cases. `next` is the cursor of the part that follows."""

    items = fields.List(fields.Nested(CaseListed))
    next = fields.String(allow_none=True)


class CasesFound(Going):
    """At most 50 cases that hold all the words; `more` says if there are others."""

    items = fields.List(fields.Nested(CaseListed), attribute="lines")
    more = fields.Boolean()


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


class CaseShown(Going):
    """A case, as whoever asks may see it."""

    case_ref = fields.String(attribute="reference")
    title = fields.String()
    state = fields.Enum(State, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    priority = fields.Enum(Priority, by_value=True, allow_none=True)
    priority_reason = fields.String()
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
    pledges = fields.List(fields.Nested(PledgeKept))
    ladder = fields.Nested(LadderShown)
    timeline = fields.List(fields.Nested(EntryShown))
    consents = fields.List(fields.Nested(ConsentShown))
    acts = fields.List(fields.Enum(Act, by_value=True))
    ledger = fields.Nested(LedgerShown)


class Finding(Going):
    """One thing that is wrong, and where."""

    pointer = fields.String()
    code = fields.String()
    detail = fields.String()


class Problem(Going):
    """How the node says no: RFC 9457."""

    type = fields.Url()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
    request_id = fields.String()
    errors = fields.List(fields.Nested(Finding))
