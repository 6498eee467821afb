"""What is sent about roles."""

from web.schemas.form import FormSchema, choice, line

#: For how many days a role can be given; the bylaws may say fewer.
DAYS = ("30", "90", "180", "365")


class NewRole(FormSchema):
    """Who gets which role for how long; scopes as codes with spaces between."""

    who = line(200, required=True)
    role = line(30, required=True)
    days = choice(DAYS, required=True)
    topics = line(400)
    areas = line(2000)
    teams = line(2000)
    clearance = line(60)
