"""What the desk decides about who is whom: ids only, for people choose from a list."""

from marshmallow import fields

from web.schemas.form import MISSING, FormSchema


class Merge(FormSchema):
    """Who somebody turned out to be."""

    other = fields.UUID(required=True, error_messages=MISSING)


class Unmerge(FormSchema):
    """Which decision is taken back."""

    merge = fields.UUID(required=True, error_messages=MISSING)


class Decide(FormSchema):
    """Who somebody is: one of those we know, or somebody new."""

    person = fields.UUID(required=True, error_messages=MISSING)
    other = fields.UUID(required=True, error_messages=MISSING)
    apart = fields.String(load_default="")
