"""What goes with telling something for somebody else."""

from marshmallow import fields

from web.schemas.form import MISSING, FormSchema, choice, line, words


class Begin(FormSchema):
    """The word of whoever sits there."""

    agreed = fields.String(load_default="")


class End(FormSchema):
    """Which time beside somebody is over."""

    id = fields.UUID(required=True, error_messages=MISSING)


class TellFor(FormSchema):
    """What happened to somebody else, and how they are reached."""

    id = fields.UUID(required=True, error_messages=MISSING)
    beside = fields.UUID(load_default=None, error_messages=MISSING)
    text = words(required=True)
    wanted = words()
    place = line()
    name = line()
    contact = line()


class Answer(FormSchema):
    """What they say to it."""

    answer = choice(["confirm", "object"], required=True)
