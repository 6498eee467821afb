"""What a member sends from the pages about what they agreed to."""

from typing import Any

from marshmallow import ValidationError, fields

from governance.consent import Purpose
from web.schemas.form import MISSING, FormSchema


class _What(fields.Field[Any]):
    """A purpose, and whom it names: `handle_case:advocates`."""

    def _deserialize(
        self, value: object, *_: object, **__: object
    ) -> tuple[Purpose, str]:
        purpose, _colon, recipient = str(value).partition(":")
        try:
            return Purpose(purpose), recipient
        except ValueError as problem:
            raise ValidationError("choice") from problem


class Give(FormSchema):
    """What somebody agrees to."""

    what = _What(required=True, error_messages=dict.fromkeys(MISSING, "choice"))
