"""What is sent about notes that a member asked for."""

from web.schemas.form import FormSchema, line, words


class Decide(FormSchema):
    """What the member reads of a note, and why it is not all of it."""

    text = words()
    reason = line()
