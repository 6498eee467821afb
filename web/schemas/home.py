"""What somebody chooses about how pages look."""

from web.schemas.form import FormSchema, choice, line


class Look(FormSchema):
    """Light, dark, or as the device says."""

    scheme = choice(("auto", "light", "dark"), required=True)


class Speak(FormSchema):
    """A language to read in."""

    lang = line(40, required=True)
