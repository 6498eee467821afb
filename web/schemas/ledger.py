"""A receipt to check, as pasted text."""

from web.schemas.form import FormSchema, line

#: The largest receipt there is: see the ledger's document, 5.1.
RECEIPT_LIMIT = 192 * 1024


class Check(FormSchema):
    """The text of a receipt."""

    receipt = line(RECEIPT_LIMIT)
