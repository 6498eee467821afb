"""The code by which a program proves its member's address."""

from marshmallow import fields, validate

from web.schemas.api.coming import Coming


class ProofCode(Coming):
    """Six digits, as they came by mail."""

    code = fields.String(required=True, validate=validate.Length(1, 20))
