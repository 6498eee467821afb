"""The code by which a program proves its member's address."""

from marshmallow import fields, validate

from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming


class ProofCode(Coming):
    """Six digits, as they came by mail."""

    code = fields.String(required=True, validate=validate.Length(1, 20))


class ProofMade(Going):
    """What a link becomes by the code; nothing where a token asked."""

    #: To send instead of the link, `Authorization: Link ...`, until it is over.
    token = fields.String(allow_none=True)
    until = Moment(allow_none=True)
