"""What is sent about short texts of one's own."""

from marshmallow import fields

from governance.texts import SNIPPET_TITLE
from web.schemas.form import MISSING, FormSchema, line, words


class Snippet(FormSchema):
    """A short text, and a number for it, so that sending twice adds once."""

    id = fields.UUID(required=True, error_messages=MISSING)
    title = line(SNIPPET_TITLE, required=True)
    text = words(required=True)


class Changed(FormSchema):
    """The same as it shall be."""

    title = line(SNIPPET_TITLE, required=True)
    text = words(required=True)


class InsertSnippet(FormSchema):
    """What was typed so far, and the short text that goes below it."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reply = words()
    version = fields.Integer(load_default=0, error_messages=MISSING)
    template = line()
    began = fields.UUID(load_default=None, error_messages=MISSING)
    copies = line()
    snippet = fields.UUID(
        required=True, error_messages={"required": "missing", "invalid_uuid": "missing"}
    )
