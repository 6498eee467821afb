"""What is sent about topics."""

from marshmallow import fields

from web.schemas.form import FormSchema


class Takers(FormSchema):
    """Which teams take a topic."""

    teams = fields.List(
        fields.UUID(error_messages={"invalid_uuid": "choice"}), load_default=list
    )
