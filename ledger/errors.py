"""How a check says no.

There is one exception, and each check has one stable code that others may rely on.
"""


class Invalid(Exception):  # noqa: N818 - it names what the bytes are, like `Refusal`
    """A check failed; `code` names it, `text` is a sentence for a person."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
