"""What is sent about how a case was handled."""

from marshmallow import fields

from governance.feedback import BEST, WORST
from web.schemas.form import MISSING, FormSchema, choice, words

RATINGS = tuple(str(one) for one in range(WORST, BEST + 1))


class Say(FormSchema):
    """How it was, from 1 to 5, and why."""

    id = fields.UUID(required=True, error_messages=MISSING)
    rating = choice(RATINGS, required=True)
    text = words()


class Answer(FormSchema):
    """What is answered to it."""

    answer = words(required=True)


class Copy(FormSchema):
    """A copy without names, and that somebody looked for some."""

    copy = words(required=True)
    looked = choice(("yes",), required=True)


class Find(FormSchema):
    """What somebody finds in a copy."""

    finding = words(required=True)
