"""What goes with each act of the desk: the fields of its form, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from governance.cases import Act, Outcome
from governance.delays import Reading
from governance.plans import TITLE_LIMIT, Owner
from governance.pledges import Cause
from governance.threads import SPOKEN, Direction, NoteKind
from web.schemas.form import MISSING, FormSchema, as_day, choice, line, words

#: What a case can be refused as.
REFUSALS = (Outcome.NOT_OURS, Outcome.NO_REMEDY)
_FIRST, _LAST = 2000, 2199


class Nothing(FormSchema):
    """An act that is one button."""


class Release(FormSchema):
    """Why somebody gives a case back, and what the next one has to know."""

    leave_reason = line(required=True)
    leave_note = words(required=True)


class Note(FormSchema):
    """A note, who reads it, and why nobody else if it is sealed."""

    id = fields.UUID(required=True, error_messages=MISSING)
    note = words(required=True)
    kind = choice(tuple(NoteKind), load_default=NoteKind.WORKING.value)
    note_reason = line()


class Tags(FormSchema):
    """The tags a case has from now on, with commas between."""

    tags = line()


class Draft(FormSchema):
    """A reply as far as it goes, and which version of it was seen."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reply = words(required=True)
    version = fields.Integer(load_default=0, error_messages=MISSING)
    template = line()
    snippet = line()
    began = fields.UUID(load_default=None, error_messages=MISSING)
    copies = line()


class PlanStep(FormSchema):
    """What is to be done, by whom, and on which day at the latest."""

    id = fields.UUID(required=True, error_messages=MISSING)
    step = line(TITLE_LIMIT, required=True)
    owner = choice(tuple(Owner), required=True)
    due = line(10)

    @post_load
    def _day(self, found: dict[str, Any], **_: object) -> dict[str, Any]:
        due = as_day(found["due"])
        if found["due"] and due is None:
            raise ValidationError("choice", "due")
        return {**found, "due": due}


class Later(FormSchema):
    """A reply, and when it leaves."""

    id = fields.UUID(required=True, error_messages=MISSING)
    later = words(required=True)
    when = line(40, required=True)


class Spoken(FormSchema):
    """What was said, by whom of the two, by which way and when."""

    id = fields.UUID(required=True, error_messages=MISSING)
    who = choice(sorted(Direction), load_default="")
    way = choice(sorted(SPOKEN), load_default="")
    spoken_at = line(40, required=True)
    spoken = words(required=True)
    whole = fields.String(load_default="")


class Tried(FormSchema):
    """By which way somebody tried to reach a member."""

    way = choice(sorted(SPOKEN), required=True)


class Explained(FormSchema):
    """Which promise was missed, and why."""

    miss = fields.UUID(required=True, error_messages=dict.fromkeys(MISSING, "choice"))
    cause = choice(tuple(map(str, Cause)), required=True)
    #: The month to go back to, if it was said there.
    back = fields.String(
        load_default="", validate=validate.Regexp(r"(\d{4}-\d{2})?\Z", error="choice")
    )


class LaterChange(FormSchema):
    """A reply that waits as it shall be, and which version of it was seen."""

    later = words(required=True)
    when = line(40, required=True)
    version = fields.Integer(required=True, error_messages=MISSING)


class AskOther(FormSchema):
    """Who outside was asked, for what, and when we come back to it."""

    whom = line(required=True)
    what = words(required=True)
    day = line(2, required=True)
    month = line(2, required=True)
    year = line(4, required=True)

    @post_load
    def _date(self, found: dict[str, str], **_: object) -> dict[str, Any]:
        try:
            year, month, day = (int(found.pop(it)) for it in ("year", "month", "day"))
            until = date(year, month, day)
        except ValueError as error:
            raise ValidationError("choice", "day") from error
        if not _FIRST <= year <= _LAST:
            raise ValidationError("choice", "day")
        return {**found, "until": until.isoformat()}


class Answered(FormSchema):
    """What somebody outside answered."""

    answered = words(required=True)
    reading = choice(tuple(Reading), load_default=Reading.ANSWERED)


class Resume(FormSchema):
    """Why a case goes on without its member's answer."""

    resume_reason = line(required=True)


class Refuse(FormSchema):
    """What the member will read, and as what the case closes."""

    refuse = words(required=True)
    outcome = choice(REFUSALS, required=True)


class Second(FormSchema):
    """What the second person says."""

    proposal = fields.UUID(required=True, error_messages=MISSING)
    agree = choice(("yes", "no"), required=True)


class Now(FormSchema):
    """One human sentence that answers at once."""

    id = fields.UUID(required=True, error_messages=MISSING)
    now = words(required=True)


class Aside(FormSchema):
    """That a second person looked at what was put aside."""

    ref = line(40, required=True)
    proposal = fields.UUID(required=True, error_messages=MISSING)


@dataclass(frozen=True, slots=True)
class Filled:
    """One act's form: how it is read, and under which names the use case wants it."""

    schema: type[Schema]
    #: From the form's names to the act's. The first is where its words are.
    names: Mapping[str, str]

    def fields(self, found: Mapping[str, Any]) -> dict[str, str]:
        """Return what was typed, as the act wants it."""
        return {name: str(found[typed]) for typed, name in self.names.items()}


_Table = Mapping[Act, Filled]
#: Every act that is a form of this kind.
FORMS: _Table = {
    Act.RELEASE: Filled(Release, {"leave_note": "note", "leave_reason": "reason"}),
    Act.ASK_OTHER: Filled(AskOther, {"what": "text", "whom": "whom", "until": "until"}),
    Act.OTHER_REPLIED: Filled(Answered, {"answered": "text", "reading": "reading"}),
    Act.FOLLOW_UP_DUE: Filled(Nothing, {}),
    Act.RESUME: Filled(Resume, {"resume_reason": "reason"}),
    Act.REFUSE: Filled(Refuse, {"refuse": "text", "outcome": "outcome"}),
    Act.RESTORE: Filled(Nothing, {}),
}
