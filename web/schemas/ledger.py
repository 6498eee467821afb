"""A receipt to check, as pasted text."""

from marshmallow import fields, validate

from web.schemas.form import FormSchema

#: The largest receipt there is: see the ledger's document, 5.1.
RECEIPT_LIMIT = 192 * 1024


class Check(FormSchema):
    """The text of a receipt."""

    receipt = fields.String(
        load_default="", validate=validate.Length(max=RECEIPT_LIMIT, error="long")
    )
