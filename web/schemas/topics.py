"""What is sent about topics."""

from marshmallow import fields

from node.suggesting import KINDS
from web.schemas.form import FormSchema, choice, words


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


class Alone(FormSchema):
    """That a rule sorts by itself, but for messages with urgent words."""

    sorts = choice(tuple(map(str, KINDS)), required=True)
    urgent = words()
    #: Or that a person sorts again.
    stop = choice(("", "yes"), load_default="")
