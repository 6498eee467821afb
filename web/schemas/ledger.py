"""What is sent about the ledger: a receipt to check, and who watches whom."""

from marshmallow import fields, validate

from web.schemas.form import MISSING, FormSchema, choice

#: The largest receipt there is: see the ledger's document, 5.1.
RECEIPT_LIMIT = 192 * 1024
#: Keys and addresses, a few lines of them.
_WATCHERS = 8 * 1024


class Check(FormSchema):
    """The text of a receipt."""

    receipt = fields.String(
        load_default="", validate=validate.Length(max=RECEIPT_LIMIT, error="long")
    )


class Watchers(FormSchema):
    """Who is to watch whom: keys or addresses, one a line."""

    who = fields.String(
        required=True,
        error_messages=MISSING,
        validate=[
            validate.Regexp(r"(?s).*\S", error="missing"),
            validate.Length(max=_WATCHERS, error="long"),
        ],
    )
    #: Whether the keys that a log had before count no longer.
    revoked = choice(("yes",), load_default="")
