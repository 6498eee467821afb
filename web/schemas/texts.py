"""What is sent about message templates."""

from governance.texts import Medium
from web.schemas.form import FormSchema, choice, line, words


class Text(FormSchema):
    """A new version of a template."""

    name = line(60, required=True)
    medium = choice(tuple(Medium), required=True)
    language = line(35, required=True)
    text = words(required=True)
    community = choice(("yes",), load_default="")
