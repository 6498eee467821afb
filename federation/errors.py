"""How the protocol says no: one class per answer, with status, problem and reason.

A reason is safe to send to a stranger: it names the fault, never what was in it.
"""

from typing import ClassVar


class Rejected(Exception):  # noqa: N818 - an answer to a peer, not a fault of ours
    """What arrived is not taken, and the sender is told why."""

    #: The HTTP status of the answer.
    status: ClassVar[int] = 400
    #: The stable name of the fault.
    code: ClassVar[str] = "rejected"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JsonMalformed(Rejected):
    """The bytes are not JSON, or not JSON that everybody reads the same way."""

    code = "json.malformed"


class JsonDuplicate(JsonMalformed):
    """An object has a key twice: two readers would see two documents."""

    code = "json.duplicate"


class JsonTooLarge(JsonMalformed):
    """The document has more bytes than are read here."""

    status = 413
    code = "json.too-large"
