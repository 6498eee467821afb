"""What goes out about what can be erased, and what was."""

from marshmallow import fields

from web.schemas.api.base import Going


class PartShown(Going):
    """One entry of a case: which fields it still has, and how much was erased."""

    seq = fields.Integer()
    kind = fields.String()
    role = fields.String(allow_none=True)
    fields_ = fields.List(fields.String(), attribute="fields", data_key="fields")
    erased = fields.String()


class Erasable(Going):
    """The entries of a case."""

    items = fields.List(fields.Nested(PartShown))


class ErasureMade(Going):
    """What was erased, and where the log says so in public, if it does by now."""

    level = fields.String()
    seq = fields.Integer(allow_none=True)
    index = fields.Integer(allow_none=True)
