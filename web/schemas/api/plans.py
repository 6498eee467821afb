"""The plan of a case, as it comes in and goes out."""

from marshmallow import fields, validate

from governance.plans import TITLE_LIMIT, Owner
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewPlanStep(Coming):
    """What is to be done, by whom, and on which day at the latest."""

    title = fields.String(
        required=True,
        validate=validate.Length(1, TITLE_LIMIT),
        metadata=said("What is to be done, on one line.", words=True),
    )
    owner = fields.String(
        required=True,
        validate=validate.OneOf(tuple(map(str, Owner))),
        metadata=said("Whose it is."),
    )
    due = fields.Date(
        load_default=None,
        format="iso",
        metadata=said("The day by which it is done, such as 2026-03-12."),
    )


class PlanStepShown(Going):
    """One step; `yours` says whether who asks can tick it off."""

    id = fields.UUID()
    title = fields.String()
    owner = fields.Enum(Owner, by_value=True)
    due_at = Moment(allow_none=True)
    done_at = Moment(allow_none=True)
    done_by = fields.String()
    late = fields.Boolean()
    yours = fields.Boolean()


class PlanShown(Going):
    """The plan of a case; `writes` says whether who asks can add to it."""

    steps = fields.List(fields.Nested(PlanStepShown))
    writes = fields.Boolean()
