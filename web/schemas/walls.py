"""What is typed about conflicts of interest."""

from marshmallow import fields

from governance.walls import InterestKind
from web.schemas.form import FormSchema, choice, line


class Declare(FormSchema):
    """One thing that somebody at the desk has to do with."""

    kind = choice(tuple(InterestKind), required=True)
    subject = line(200, required=True)


class Challenge(FormSchema):
    """Who must not come near a case, and why."""

    walled = fields.UUID(
        required=True, error_messages={"required": "choice", "invalid_uuid": "choice"}
    )
    wall_reason = line(required=True)


class Veto(FormSchema):
    """Why the member does not want somebody; they need not say."""

    veto = line()


class Decide(FormSchema):
    """Whether a wall stands."""

    stands = choice(("yes", "no"), required=True)
