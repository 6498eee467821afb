"""What the desk sends: triage, replies, questions, offers."""

from marshmallow import ValidationError, fields, validates

from governance.cases import DeadlineSource, Kind, Priority, Sensitivity
from node.topics import STARTER
from web.schemas.form import MISSING, FormSchema, as_day, choice, line, words

#: What triage chooses from. A collective grows out of cases; nobody sends one in.
KINDS = tuple(kind for kind in Kind if kind is not Kind.COLLECTIVE)


class Take(FormSchema):
    """That somebody takes the next case: a number for it, so that twice is once."""

    id = fields.UUID(load_default=None, error_messages=MISSING)


class Triage(FormSchema):
    """What a case is, what it is about, and how soon somebody must look."""

    ref = line(40, required=True)
    kind = choice(KINDS, required=True)
    topic = choice(STARTER, required=True)
    priority = choice(tuple(Priority), required=True)
    reason = line(required=True)
    area = line(40)
    danger = choice(("yes",), load_default="")
    loss = choice(("yes",), load_default="")
    deadline = choice(("yes",), load_default="")
    hardship = choice(("yes",), load_default="")
    waits = choice(("yes",), load_default="")
    deadline_on = line(10)
    deadline_source = choice((*DeadlineSource, ""), load_default="")
    language = line(35)
    sensitivity = choice(tuple(Sensitivity), load_default=Sensitivity.NORMAL)
    team = line(36)
    rule = line(80)
    tags = line()

    @validates("deadline_on")
    def check_day(self, text: str, **_: object) -> None:
        """Refuse what is no day that a calendar can count with."""
        if text.strip() and as_day(text) is None:
            raise ValidationError("date")


class SortAgain(Triage):
    """The same anew, and which sorting was seen before."""

    seen = line(16)


class Discard(FormSchema):
    """Why something is no case."""

    ref = line(40, required=True)
    discard = line(required=True)


class Split(FormSchema):
    """Which words of a message are a matter of their own."""

    id = fields.UUID(required=True, error_messages=MISSING)
    ref = line(40, required=True)
    piece = words(required=True)


class Unsplit(FormSchema):
    """Which piece of a message goes back into the case it came from."""

    piece = fields.UUID(required=True, error_messages=MISSING)


class Reply(FormSchema):
    """An answer to the member."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reply = words(required=True)
    version = fields.Integer(load_default=0, error_messages=MISSING)
    template = line()
    snippet = line()
    began = fields.UUID(load_default=None, error_messages=MISSING)
    #: Who in the case gets it, too: each has a box of their own.
    copies = line()


class Insert(FormSchema):
    """What was typed so far, and the template that goes below it."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reply = words()
    version = fields.Integer(load_default=0, error_messages=MISSING)
    template = line(required=True)
    snippet = line()
    began = fields.UUID(load_default=None, error_messages=MISSING)
    #: Who in the case gets it, too: each has a box of their own.
    copies = line()


class Ask(FormSchema):
    """One question to the member."""

    id = fields.UUID(required=True, error_messages=MISSING)
    ask = words(required=True)


class Resolve(FormSchema):
    """What was done."""

    id = fields.UUID(required=True, error_messages=MISSING)
    resolve = words(required=True)
    obtained = line()


class Decline(FormSchema):
    """Why somebody cannot take a case."""

    why = line(required=True)


class Assign(FormSchema):
    """To whom a case is offered."""

    advocate = fields.UUID(
        required=True, error_messages={"required": "choice", "invalid_uuid": "choice"}
    )
