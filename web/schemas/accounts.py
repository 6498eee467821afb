"""What is typed to sign in, and what a passkey answers."""

from marshmallow import fields, validate

from web.schemas.form import FormSchema, choice, line


class AskLink(FormSchema):
    """Where a link is sent."""

    contact = line(required=True)


class Code(FormSchema):
    """The six digits of a message."""

    code = line(40, required=True)


class End(FormSchema):
    """That an account really shall end."""

    sure = choice(("yes",), required=True)


class PasskeyAnswer(FormSchema):
    """What a device signed, and what it was asked with."""

    state = fields.String(required=True, validate=validate.Length(1, 200))
    answer = fields.String(required=True, validate=validate.Length(1, 20_000))
    label = line(80)
