"""What a member sends from the page of their case."""

from marshmallow import fields, validate

from governance.pledges import Choice
from governance.resolutions import Answer
from web.schemas.form import MISSING, FormSchema, choice, line, words


class Track(FormSchema):
    """A reference and its four words."""

    reference = line(40, required=True)
    words = line(200, required=True)


class Write(FormSchema):
    """A message from the member, and what their device signed of it."""

    id = fields.UUID(required=True, error_messages=MISSING)
    write = words(required=True)
    s = fields.String()
    p = fields.String()
    d = fields.String()


class Decide(FormSchema):
    """Whether it is solved, with more words or without."""

    id = fields.UUID(required=True, error_messages=MISSING)
    answer = choice(tuple(Answer), required=True)
    reason = words()


class Choose(FormSchema):
    """How it shall go on when nobody kept a promise."""

    choice = choice(tuple(Choice), required=True)


class Reopen(FormSchema):
    """What is still wrong, with words or without."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reason = words()
    how = choice(("reopen", "appeal"), load_default="reopen")


class Erase(FormSchema):
    """That it really shall go, and whether the public note may name it."""

    words = line(200)
    named = choice(("", "yes"), load_default="")


class ErasePart(Erase):
    """What of an entry: one field, all its words, or the entry."""

    what = fields.String(
        required=True,
        error_messages=dict.fromkeys(MISSING, "choice"),
        validate=validate.Regexp(
            r"(content|entry|redact-[a-z_]{1,40})\Z", error="choice"
        ),
    )


class Confirmed(FormSchema):
    """A form that is one button."""
