"""Message templates, as they come in and go out."""

from marshmallow import fields, validate

from governance.texts import Medium
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewText(Coming):
    """A new version of a template."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, 60),
        metadata=said("What it is called."),
    )
    medium = fields.Enum(
        Medium,
        by_value=True,
        required=True,
        metadata=said("By which way it is sent."),
    )
    language = fields.String(
        required=True, metadata={**said("The tag of its language."), "example": "en"}
    )
    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("Its words, with variables such as {member_name}.", words=True),
    )
    community = fields.Boolean(
        load_default=False,
        metadata=said("Whether it speaks for the community: another then agrees."),
    )


class TextMade(Going):
    """The version that was proposed."""

    id = fields.UUID()


class TextShown(Going):
    """One version of a template, and where it stands."""

    id = fields.UUID()
    name = fields.String()
    medium = fields.Enum(Medium, by_value=True)
    language = fields.String()
    version = fields.Integer()
    text = fields.String()
    community = fields.Boolean()
    digest = fields.String()
    proposed_by = fields.String()
    proposed_at = Moment()
    approved_by = fields.String()
    state = fields.String()


class Texts(Going):
    """Every version of every template."""

    items = fields.List(fields.Nested(TextShown))


class TextFilled(Going):
    """A template as it reads in one case."""

    version_id = fields.UUID()
    text = fields.String()
    language = fields.String()
    fell_back = fields.Boolean()
    community = fields.Boolean()
