"""Short texts of one's own, as they come in and go out."""

from marshmallow import fields, validate

from governance.texts import SNIPPET_TEXT, SNIPPET_TITLE
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewSnippet(Coming):
    """A short text of one's own."""

    title = fields.String(
        required=True,
        validate=validate.Length(1, SNIPPET_TITLE),
        metadata=said("What it is called."),
    )
    text = fields.String(
        required=True,
        validate=validate.Length(1, SNIPPET_TEXT),
        metadata=said("Its words, with variables such as {reference}.", words=True),
    )


class SnippetMade(Going):
    """The short text that is kept."""

    id = fields.UUID()


class SnippetShown(Going):
    """A short text of one's own."""

    id = fields.UUID()
    title = fields.String()
    text = fields.String()
    created_at = Moment()
    changed_at = Moment()


class Snippets(Going):
    """All of them, by title."""

    items = fields.List(fields.Nested(SnippetShown))


class SnippetFilled(Going):
    """A short text as it reads in one case."""

    text = fields.String()
