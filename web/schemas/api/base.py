"""What everything that goes out over the API has in common, and how it says no."""

from datetime import UTC, datetime

from marshmallow import EXCLUDE, Schema, fields


class Moment(fields.Field[datetime]):
    """A moment in UTC, as RFC 3339 with `Z`. It only goes out."""

    def _serialize(
        self,
        value: datetime | None,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        obj: object,  # noqa: ARG002 - idem
        **kwargs: object,  # noqa: ARG002 - idem
    ) -> str | None:
        if value is None:
            return None
        text = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


class Going(Schema):
    """What goes out. More fields may be added at any time, so clients ignore those."""

    class Meta:
        """Promise no closed list of fields."""

        unknown = EXCLUDE


class Finding(Going):
    """One thing that is wrong, and where."""

    pointer = fields.String()
    code = fields.String()
    detail = fields.String()


class Problem(Going):
    """How the node says no: RFC 9457."""

    type = fields.Url()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
    request_id = fields.String()
    errors = fields.List(fields.Nested(Finding))
