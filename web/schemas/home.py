"""What somebody chooses about how pages look."""

from web.schemas.form import FormSchema, choice


class Look(FormSchema):
    """Light, dark, or as the device says."""

    scheme = choice(("auto", "light", "dark"), required=True)
