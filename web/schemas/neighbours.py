"""What is sent about public cases, answers to them, and other nodes."""

from marshmallow import fields

from node.federation_desk import MODES, REVIEWS
from node.profile import FOLLOWERS
from web.schemas.form import MISSING, FormSchema, choice, line, words

#: A longer title would be cut.
TITLE = 120


class Publish(FormSchema):
    """The words in which a case becomes public."""

    title = line(TITLE, required=True)
    text = words(required=True)


class Verdict(FormSchema):
    """Whether a reply may stand beside a case."""

    verdict = choice(("approve", "reject"), required=True)


class PublicName(FormSchema):
    """The name under which an advocate answers other communities."""

    handle = line(31, required=True)
    name = line(80)


class ShownName(FormSchema):
    """The name that is shown with an advocate's handle."""

    name = line(80)


class Answer(FormSchema):
    """An answer to another community's case."""

    id = fields.UUID(required=True, error_messages=MISSING)
    reply = words(required=True)


class Profile(FormSchema):
    """What everybody sees of our community."""

    name = line(120, required=True)
    place = line(120)
    followers = choice(FOLLOWERS, required=True)


class Follow(FormSchema):
    """Whom our community shall follow."""

    account = line(required=True)


class Unfollow(FormSchema):
    """Whom our community shall follow no longer."""

    actor = line(2048, required=True)


class Decide(FormSchema):
    """Whether somebody may follow our community."""

    actor = line(2048, required=True)
    verdict = choice(("accept", "refuse"), required=True)


class Settle(FormSchema):
    """What becomes of an activity that nothing here could act on."""

    activity = line(2048, required=True)
    verdict = choice(("again", "drop"), required=True)


class SetAside(FormSchema):
    """Which delivery is tried again or given up."""

    n = fields.Integer(required=True, strict=False, error_messages=MISSING)
    inbox = line(2048, required=True)


class Treat(FormSchema):
    """How a node is treated, why, and when somebody looks again."""

    mode = choice(tuple(MODES), required=True)
    why = line()
    days = choice(tuple(str(days) for days in REVIEWS), load_default=str(REVIEWS[1]))
