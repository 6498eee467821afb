"""What is sent about requests for one's own data."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from governance.consent import Purpose
from governance.data_requests import Kind
from web.schemas.form import FormSchema, choice, line, words


class Ask(FormSchema):
    """What a member asks; the purpose counts where they object to one."""

    kind = choice(tuple(Kind), required=True)
    purpose = choice(("", *Purpose), load_default="")
    words = words(required=True)

    @validates_schema
    def check_purpose(self, sent: Mapping[str, Any], **_: object) -> None:
        """Refuse an objection to nothing."""
        if sent["kind"] == Kind.OBJECTION and not sent["purpose"]:
            raise ValidationError("choice", "purpose")


class Lengthen(FormSchema):
    """Why a request takes longer."""

    why = words(required=True)


class Settle(FormSchema):
    """The answer; or the reason why not, and whom its member can complain to."""

    how = choice(("answer", "refuse"), required=True)
    words = words(required=True)
    complain = line()

    @validates_schema
    def check_complain(self, sent: Mapping[str, Any], **_: object) -> None:
        """Refuse a refusal that leads nowhere."""
        if sent["how"] == "refuse" and not sent["complain"].strip():
            raise ValidationError("missing", "complain")
