"""What is sent about who is in a case besides its member."""

from marshmallow import fields

from governance.parties import LONGEST_NAME, Role
from web.schemas.form import MISSING, FormSchema, choice, line, words


class Name(FormSchema):
    """Whom somebody names, as what, and what they may see."""

    id = fields.UUID(required=True, error_messages=MISSING)
    name = line(LONGEST_NAME, required=True)
    contact = line(required=True)
    role = choice(tuple(Role), required=True)
    state = choice(("yes",), load_default="")
    messages = choice(("yes",), load_default="")
    files = choice(("yes",), load_default="")


class Decide(FormSchema):
    """What the member does about one of them."""

    act = choice(("agree", "refuse", "end"), required=True)


class Answer(FormSchema):
    """What a party says to it."""

    act = choice(("confirm", "leave"), required=True)


class Write(FormSchema):
    """A party's own words."""

    id = fields.UUID(required=True, error_messages=MISSING)
    write = words(required=True)
