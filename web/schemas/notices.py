"""What is sent about how somebody wants to be told."""

from governance.notices import Pace
from web.schemas.form import FormSchema, choice, line


class Notices(FormSchema):
    """Zone, quiet hours, and how often for each family."""

    zone = line(60, required=True)
    quiet = choice(("yes", "no"), required=True)
    quiet_from = line(8)
    quiet_to = line(8)
    needs_you = choice(tuple(Pace), required=True)
    reply = choice(tuple(Pace), required=True)
    resolved = choice(tuple(Pace), required=True)
    work = choice(tuple(Pace), required=True)
