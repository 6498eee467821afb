"""What is sent about cases that have to do with each other."""

from marshmallow import fields

from governance.bonds import BondKind
from governance.joins import LONGEST, Mark, Scope
from governance.resolutions import Answer
from web.schemas.form import MISSING, FormSchema, choice, line, words

_REFERENCE = 40


class Join(FormSchema):
    """With which common matter a case goes on, and what its member agrees to."""

    matter = line(_REFERENCE, required=True)
    counted = choice(("yes",), load_default="")
    joiners = choice(("yes",), load_default="")
    respondent = choice(("yes",), load_default="")
    contact = choice(("yes",), load_default="")


class JoinAtDesk(Join):
    """The same, as the member said to somebody at the desk."""

    id = fields.UUID(required=True, error_messages=MISSING)
    heard = choice(("yes",), load_default="")
    told = words(required=True)


class Leave(FormSchema):
    """Whether somebody's own case is taken up again when it leaves the others."""

    how = choice(("alone", "drop"), required=True)


class Answered(FormSchema):
    """Whether it is solved for one claimant; words go with "not solved"."""

    id = fields.UUID(required=True, error_messages=MISSING)
    answer = choice(tuple(Answer), required=True)
    reason = words()


class Settled(FormSchema):
    """Which of the things is done that so many joins made due."""

    mark = fields.Enum(Mark, by_value=True, required=True)


class OpenMatter(FormSchema):
    """What others read of a case before they join it."""

    about = line(LONGEST, required=True)


class Update(FormSchema):
    """One person's words to everybody who joined."""

    id = fields.UUID(required=True, error_messages=MISSING)
    update = words(required=True)


#: What the form calls a merge: the same matter, and one person looks after both.
MERGE = "merge"


class Bond(FormSchema):
    """How a case hangs together with another, and why."""

    other = line(_REFERENCE, required=True)
    kind = choice((MERGE, *BondKind), required=True)
    why = line()


class BondAtTriage(FormSchema):
    """That the case at triage and another are the same matter."""

    ref = line(_REFERENCE, required=True)
    other = line(_REFERENCE, required=True)


class Undo(FormSchema):
    """Which link is taken back."""

    bond = fields.UUID(required=True, error_messages=MISSING)


def agreed(found: dict[str, str]) -> str:
    """Return what was ticked, as the act wants it."""
    return " ".join(scope for scope in Scope if found.get(scope) == "yes")
