"""What may come in over the API. Unknown fields are refused."""

from marshmallow import RAISE, Schema, fields, validate

from governance import tags
from governance.consent import Purpose
from governance.pledges import Cause, Choice
from governance.walls import InterestKind
from node.erasing import Level
from node.search import LONGEST, Order

_LONGEST_LINE = 300


def said(what: str, *, words: bool = False) -> dict[str, object]:
    """Describe a field for every door; `words`: no list of processes may show it."""
    return {"description": what, "words": words}


class Coming(Schema):
    """What comes in. An unknown field is an error."""

    class Meta:
        """Refuse what we did not ask for."""

        unknown = RAISE


class Amount(Coming):
    """What it cost, as its teller says."""

    amount = fields.String(required=True, metadata={"example": "120.50"})
    currency = fields.String(
        required=True,
        validate=validate.Regexp(r"[A-Z]{3}\Z"),
        metadata={"example": "EUR"},
    )


class ContactGiven(Coming):
    """Where an answer can be sent."""

    email = fields.String(validate=validate.Length(3, _LONGEST_LINE))
    phone = fields.String(validate=validate.Length(3, _LONGEST_LINE))


class SignedHere(Coming):
    """The words as their author signed them: the ledger's S, P and D, in base64url."""

    s = fields.String(required=True)
    p = fields.String(required=True)
    d = fields.List(fields.String(), required=True)
    #: Of a case that begins with it: the key that its `kc` commits to.
    case_key = fields.String(load_default="")


class NewSubmission(Coming):
    """Somebody's words, and what they would have put right."""

    text = fields.String(required=True, validate=validate.Length(min=1))
    wanted_outcome = fields.String(load_default="")
    language = fields.String(load_default="en", metadata={"example": "en"})
    area = fields.String(load_default=None, allow_none=True)
    topic = fields.String(load_default="")
    place = fields.String(load_default="")
    name = fields.String(load_default="")
    value = fields.Nested(Amount, load_default=None, allow_none=True)
    contact = fields.Nested(ContactGiven, load_default=None, allow_none=True)
    signed = fields.Nested(SignedHere, load_default=None, allow_none=True)


class NewMessage(Coming):
    """A message in a case."""

    text = fields.String(required=True, validate=validate.Length(min=1))
    #: Parties of the case that a reply names besides its member.
    copies = fields.List(fields.UUID(), load_default=list)
    #: The version of a template that a reply began with.
    template = fields.UUID(load_default=None, allow_none=True)
    signed = fields.Nested(SignedHere, load_default=None, allow_none=True)


class FileNamed(Coming):
    """What a file is called."""

    name = fields.String(load_default="", validate=validate.Length(max=_LONGEST_LINE))


class NewConsent(Coming):
    """What a member agrees to."""

    purpose = fields.Enum(
        Purpose, by_value=True, required=True, metadata=said("For what.")
    )
    recipient = fields.String(load_default="", metadata=said("With whom."))


class Nothing(Coming):
    """No fields at all."""


class NewInterest(Coming):
    """One thing that somebody at the desk has to do with."""

    kind = fields.Enum(
        InterestKind, by_value=True, required=True, metadata=said("What it is.")
    )
    subject = fields.String(
        required=True,
        validate=validate.Length(1, _LONGEST_LINE),
        metadata=said("One name or address.", words=True),
    )


class NewWall(Coming):
    """Who must not come near a case, and why. Without a person: whoever has it."""

    person = fields.UUID(
        load_default=None, allow_none=True, metadata=said("Who: an id.")
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(0, _LONGEST_LINE),
        metadata=said("Why.", words=True),
    )


class NewEscalation(Coming):
    """Nothing, to take a case further up; or what its member chooses of an offer."""

    choice = fields.Enum(
        Choice,
        by_value=True,
        load_default=None,
        allow_none=True,
        metadata=said("What its member chooses of what was offered."),
    )


class NewCause(Coming):
    """Why a promise was missed."""

    cause = fields.Enum(
        Cause, by_value=True, required=True, metadata=said("Why it was missed.")
    )


class NewTags(Coming):
    """The short words that a case has from now on, and no others."""

    tags = fields.List(
        fields.String(validate=validate.Length(1, tags.LONGEST)),
        required=True,
        validate=validate.Length(max=tags.MOST),
    )


class NewErasure(Coming):
    """What shall be gone. The four words are for whoever comes by the case's link."""

    level = fields.Enum(Level, by_value=True, required=True)
    seq = fields.Integer(load_default=None, allow_none=True, strict=True)
    field = fields.String(load_default="", validate=validate.Length(max=40))
    named = fields.Boolean(load_default=False)
    words = fields.String(load_default="", validate=validate.Length(max=_LONGEST_LINE))


class MoveFields(Coming):
    """What goes with a move; which fields an action needs, the rules say."""

    text = fields.String()
    reason = fields.String()
    answer = fields.String(metadata={"example": "solved"})
    reading = fields.String(metadata={"example": "refused"})
    obtained = fields.String()
    advocate = fields.String(metadata={"format": "uuid"})
    proposal = fields.String(metadata={"format": "uuid"})
    outcome = fields.String(metadata={"example": "not_ours"})
    note = fields.String()
    whom = fields.String()
    until = fields.String(metadata={"format": "date-time"})
    kind = fields.String()
    topic = fields.String()
    area = fields.String()
    priority = fields.String()
    found = fields.String(metadata={"example": "deadline hardship"})
    deadline_on = fields.String(metadata={"format": "date"})
    deadline_source = fields.String(metadata={"example": "letter"})
    rule = fields.String(metadata={"example": "housing.claim/3"})
    tags = fields.String(metadata={"example": "boiler, Elm Street"})
    language = fields.String(metadata={"example": "en"})
    sensitivity = fields.String(metadata={"example": "normal"})
    team = fields.String(metadata={"format": "uuid"})
    matter = fields.String(metadata={"example": "AM-7KQ2M8V"})
    agrees = fields.String(metadata={"example": "counted joiners"})
    heard = fields.String(metadata={"example": "yes"})


class Search(Coming):
    """What to look for, and what comes first."""

    q = fields.String(required=True, validate=validate.Length(1, LONGEST))
    order = fields.Enum(Order, by_value=True, load_default=Order.NEWEST)


class Page(Coming):
    """Which part of a list."""

    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.String(load_default="", validate=validate.Length(max=200))
