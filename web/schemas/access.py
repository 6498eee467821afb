"""What is sent about looks that no role opens."""

from marshmallow import ValidationError, validates

from governance.breaches import Step
from web.schemas.form import FormSchema, choice, line, words

#: For how many days a look can be kept back.
DAYS = ("7", "30", "90")


class Ask(FormSchema):
    """Which case somebody wants to read, and why."""

    ref = line(40, required=True)
    reason = words(required=True)


class Answer(FormSchema):
    """What the second person says."""

    agree = choice(("yes", "no"), required=True)


class Seal(FormSchema):
    """For how long a look is kept from its member, and why."""

    days = choice(DAYS, required=True)
    why = words(required=True)


class Found(FormSchema):
    """What got where it should not, how long ago somebody knew, about how many."""

    what = words(required=True)
    hours = line(4)
    people = line(9)

    @validates("hours", "people")
    def check_number(self, text: str, **_: object) -> None:
        """Refuse what is no number."""
        typed = text.strip()
        if typed and not (typed.isascii() and typed.isdigit()):
            raise ValidationError("number")


class Done(FormSchema):
    """What was done about a breach."""

    step = choice(tuple(Step), required=True)
    words = words(required=True)
