"""Who is in a case besides its member, as programs name them and read it."""

from marshmallow import fields, validate

from governance.cases import Outcome, State
from governance.parties import LONGEST_NAME, Ending, Role, Share, Standing
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said
from web.schemas.api.parts import FileShown


class NewParty(Coming):
    """Whom somebody names, as what, and what they may see: nothing by itself."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_NAME),
        metadata=said("Who it is.", words=True),
    )
    contact = fields.String(
        required=True, metadata=said("Their e-mail address; they are asked there.")
    )
    role = fields.Enum(
        Role, by_value=True, required=True, metadata=said("What they are in it.")
    )
    fields_ = fields.List(
        fields.Enum(Share, by_value=True),
        data_key="fields",
        load_default=list,
        metadata=said("What they may see."),
    )


class PartyDecision(Coming):
    """What the member does about one of them."""

    act = fields.String(
        required=True,
        validate=validate.OneOf(("agree", "refuse", "end")),
        metadata=said("What you do."),
    )


class PartyAnswer(Coming):
    """What a party says to it."""

    act = fields.String(
        required=True,
        validate=validate.OneOf(("confirm", "leave")),
        metadata=said("What you do."),
    )


class PartyWords(Coming):
    """A party's own words."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("What you say.", words=True),
    )


class PartyShown(Going):
    """Somebody in a case besides its member."""

    id = fields.UUID()
    role = fields.Enum(Role, by_value=True)
    name = fields.String()
    fields_ = fields.List(
        fields.Enum(Share, by_value=True), data_key="fields", attribute="fields"
    )
    standing = fields.Enum(Standing, by_value=True)
    named_at = Moment()
    since = Moment(allow_none=True)
    until = Moment(allow_none=True)
    ending = fields.Enum(Ending, by_value=True, allow_none=True)


class PartyList(Going):
    """Everybody in a case besides its member, in the order of naming."""

    items = fields.List(fields.Nested(PartyShown), attribute="parties")


class SaidShown(Going):
    """Something that was said, as a party reads it."""

    at = Moment()
    name = fields.String()
    mine = fields.Boolean()
    text = fields.String()


class WhereShown(Going):
    """Where a case stands."""

    state = fields.Enum(State, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    responsible = fields.String()
    next_due_at = Moment(allow_none=True)


class SeenShown(Going):
    """A case as one party sees it."""

    case_ref = fields.String(attribute="reference")
    role = fields.Enum(Role, by_value=True)
    name = fields.String()
    standing = fields.Enum(Standing, by_value=True)
    member = fields.String()
    fields_ = fields.List(
        fields.Enum(Share, by_value=True), data_key="fields", attribute="fields"
    )
    writes = fields.Boolean()
    where = fields.Nested(WhereShown, allow_none=True)
    said = fields.List(fields.Nested(SaidShown))
    files = fields.List(fields.Nested(FileShown))
