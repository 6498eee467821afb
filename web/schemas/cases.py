"""What a member sends from the page of their case."""

from marshmallow import fields

from governance.resolutions import Answer
from web.schemas.form import MISSING, FormSchema, choice, line, words


class Track(FormSchema):
    """A reference and its four words."""

    reference = line(40, required=True)
    words = line(200, required=True)


class Write(FormSchema):
    """A message from the member."""

    id = fields.UUID(required=True, error_messages=MISSING)
    write = words(required=True)


class Decide(FormSchema):
    """Whether it is solved, with more words or without."""

    id = fields.UUID(required=True, error_messages=MISSING)
    answer = choice(tuple(Answer), required=True)
    reason = words()


class Reopen(FormSchema):
    """What is still wrong, with words or without."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reason = words()


class Confirmed(FormSchema):
    """A form that is one button."""
