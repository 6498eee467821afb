"""The code by which somebody proves an address."""

from web.schemas.form import FormSchema, line


class Code(FormSchema):
    """Six digits, as they are typed."""

    code = line(20, required=True)
