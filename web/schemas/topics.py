"""What is sent about topics."""

from marshmallow import fields

from web.schemas.form import FormSchema, words


class Takers(FormSchema):
    """Which teams take a topic."""

    teams = fields.List(
        fields.UUID(error_messages={"invalid_uuid": "choice"}), load_default=list
    )


class Words(FormSchema):
    """The words that suggest a topic, one a line, by the kind they suggest with it."""

    claim = words()
    suggestion = words()
    question = words()
    thanks = words()
    information = words()
