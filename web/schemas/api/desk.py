"""The desk, as programs of those who work there see it."""

from marshmallow import fields, validate

from governance.cases import Act, Kind, Outcome
from governance.intake import Identity
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming
from web.schemas.api.going import CaseListed


class DeskLine(CaseListed):
    """One case on a desk; what one may not read of it is empty."""

    kind = fields.Enum(Kind, by_value=True)
    topic = fields.String()
    responsible = fields.String(attribute="responsible_name")


class DeskShown(Going):
    """A page of a desk; a number that is withheld is null."""

    items = fields.List(fields.Nested(DeskLine), attribute="lines")
    open = fields.Integer(allow_none=True)
    queued = fields.Integer(allow_none=True)
    to_triage = fields.Integer(allow_none=True)
    next = fields.String(attribute="end", allow_none=True)


class After(Coming):
    """Where the page before ended."""

    after = fields.String(load_default="", validate=validate.Length(max=80))


class Taken(Going):
    """The case that was next; null when none waits."""

    case_ref = fields.String(allow_none=True)


class LaneShown(Going):
    """A team that triage can choose."""

    id = fields.UUID()
    name = fields.String()


class KnownShown(Going):
    """The person behind a case, where the community has triage see them."""

    name = fields.String()
    identity = fields.Enum(Identity, by_value=True)
    member = fields.Boolean()
    place = fields.String()
    before = fields.Integer()


class SuggestionShown(Going):
    """What a rule suggests, and by which of its words."""

    rule = fields.String()
    topic = fields.String()
    kind = fields.Enum(Kind, by_value=True)
    words = fields.List(fields.String())


class ToTriage(Going):
    """The case that has waited longest for triage."""

    case_ref = fields.String(attribute="reference")
    title = fields.String()
    text = fields.String(attribute="story")
    wanted_outcome = fields.String(attribute="wanted")
    topic = fields.String()
    area = fields.String(allow_none=True)
    placed = fields.Boolean()
    language = fields.String()
    channel = fields.String()
    caution = fields.String()
    received_at = Moment()
    waiting = fields.Integer()
    teams = fields.List(fields.Nested(LaneShown))
    suggestion = fields.Nested(SuggestionShown, allow_none=True)
    known = fields.Nested(KnownShown, allow_none=True)


class ToTriageShown(Going):
    """The same, or null when none waits."""

    item = fields.Nested(ToTriage, allow_none=True)


class ProposalShown(Going):
    """What somebody proposed, and a second person agrees to or not."""

    id = fields.UUID()
    act = fields.Enum(Act, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    by = fields.String(attribute="by_name")
    at = Moment()
    words = fields.String()
    yours = fields.Boolean()


class BehindShown(Going):
    """What of a case only the desk sees."""

    proposals = fields.List(fields.Nested(ProposalShown))
    notes = fields.List(fields.String())


class AsideLine(Going):
    """One case that was set aside, for the second person who looks at it."""

    case_ref = fields.String(attribute="reference")
    proposal = fields.UUID()
    title = fields.String()
    reason = fields.String()
    at = Moment()
    yours = fields.Boolean()


class AsideShown(Going):
    """What was set aside and waits for a second look."""

    items = fields.List(fields.Nested(AsideLine))


class Seconded(Coming):
    """Which proposal the second person speaks about."""

    proposal = fields.UUID(required=True)


class AnswerAtOnce(Coming):
    """One human sentence that answers at once."""

    text = fields.String(required=True, validate=validate.Length(min=1))
