"""Cases that go on together, as programs see them."""

from marshmallow import fields, validate

from governance.cases import State
from governance.joins import LONGEST, Mark, Scope
from governance.resolutions import Answer
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class MatterLine(Going):
    """A common matter, as one reads it before one joins."""

    reference = fields.String()
    about = fields.String()
    topic = fields.String()
    joined = fields.Integer(allow_none=True)
    since = Moment()


class TallyShown(Going):
    """What claimants say who were asked whether it is solved for them."""

    asked = fields.Integer()
    answered = fields.Integer()
    solved = fields.Integer()
    partly = fields.Integer()
    not_solved = fields.Integer()
    waiting = fields.Integer()
    lapsed = fields.Integer()


class JoinedShown(Going):
    """The common matter that a case goes on with."""

    reference = fields.String()
    about = fields.String()
    joined = fields.Integer(allow_none=True)
    names = fields.List(fields.String())
    state = fields.Enum(State, by_value=True)
    since = Moment()
    agrees = fields.List(fields.Enum(Scope, by_value=True))
    may_answer = fields.Boolean()
    answer = fields.Enum(Answer, by_value=True, allow_none=True)
    lapsed = fields.Boolean()
    tally = fields.Nested(TallyShown, allow_none=True)
    proposed = fields.Boolean()


class DueShown(Going):
    """Something that is due, or was, because so many joined."""

    mark = fields.Enum(Mark, by_value=True)
    since = Moment()
    done = fields.Boolean()
    may_settle = fields.Boolean()


class TogetherShown(Going):
    """What a case can join or goes on with; for the desk, who joined it."""

    joined = fields.Nested(JoinedShown, allow_none=True)
    offers = fields.List(fields.Nested(MatterLine))
    about = fields.String()
    may_open = fields.Boolean()
    agreed = fields.Boolean()
    counted = fields.Integer(allow_none=True)
    to_joiners = fields.List(fields.String())
    to_respondent = fields.List(fields.String())
    due = fields.List(fields.Nested(DueShown))
    others = fields.Boolean()
    left = fields.Boolean()
    tally = fields.Nested(TallyShown, allow_none=True)


class NewMatter(Coming):
    """What others read of a case before they join it."""

    about = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST),
        metadata=said("What others read of it before they join.", words=True),
    )


class NewUpdate(Coming):
    """One person's words to everybody who joined."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("The message.", words=True),
    )


class ClaimAnswered(Coming):
    """Whether it is solved for one claimant; words go with `not_solved`."""

    answer = fields.Enum(
        Answer,
        by_value=True,
        required=True,
        metadata=said("Whether it is solved for them."),
    )
    text = fields.String(
        load_default="", metadata=said("What is still wrong.", words=True)
    )


class MarkSettled(Coming):
    """Which of the things that were due is done."""

    mark = fields.Enum(
        Mark, by_value=True, required=True, metadata=said("What is done.")
    )
