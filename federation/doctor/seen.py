"""What one request to another node brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from federation import strict
from federation.activities import Document
from federation.errors import Rejected, Unfetched
from federation.fetch import Fetched

_GOOD = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A document, or why there is none."""

    document: Document = field(default_factory=dict)
    #: The stable code of what went wrong; empty if nothing did.
    code: str = ""
    #: What was answered; None where nothing was.
    status: int | None = None
    #: As the answer dated itself; empty where it did not.
    date: str = ""

    @classmethod
    def of(cls, fetch: Callable[[], Fetched]) -> Self:
        """Ask, and keep what was answered or what went wrong."""
        try:
            fetched = fetch()
        except Unfetched as failure:
            return cls(code=failure.code, status=failure.status)
        date = fetched.fields.get("date", "")
        try:
            document = strict.loads(fetched.body)
        except Rejected as refused:
            return cls(code=refused.code, status=fetched.status, date=date)
        if not isinstance(document, Mapping):
            return cls(code="json.malformed", status=fetched.status, date=date)
        return cls(document, status=fetched.status, date=date)

    @classmethod
    def vouched(cls, fetch: Callable[[], Document]) -> Self:
        """Ask for a document that its own origin vouches for."""
        try:
            return cls(fetch(), status=_GOOD)
        except Unfetched as failure:
            return cls(code=failure.code, status=failure.status)

    @property
    def answered(self) -> bool:
        """Whether it was answered with 200, whatever is in the answer."""
        return self.status == _GOOD

    @property
    def reason(self) -> str:
        """What went wrong: the status where that says it, else the code."""
        return str(self.status) if self.code == "egress.status" else self.code
