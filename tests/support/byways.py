"""Other software on the roads of a village: it answers as a test has it answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from federation import strict
from federation.errors import Unfetched
from federation.fetch import Answer, Fetched, Kind, Sign, codes
from federation.origins import origin
from federation.vocabulary import dump
from node.core import outside
from tests.support.roads import Roads

NOBODY = None
_JSON = "application/activity+json"


class Died(BaseException):
    """The process ended here."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request that came, whatever was answered."""

    url: str
    id: str
    body: bytes
    fields: Mapping[str, str]
    at: datetime

    @property
    def profile(self) -> str:
        """How it was signed."""
        return "rfc9421" if "Signature-Input" in self.fields else "cavage"


#: A status, with fields, nobody at all, or whatever a function makes of it.
Said: TypeAlias = "int | tuple[int, dict[str, str]] | Callable[[Post], Said] | None"


@dataclass(slots=True)
class Stranger:
    """A server that takes everything, but for the answers it is given."""

    now: Callable[[], datetime]
    #: What is answered next, one after the other.
    script: list[Said] = field(default_factory=list)
    #: What is answered once the script is over.
    usual: Said = 202
    #: What is served under a URL, or the status that is.
    documents: dict[str, Mapping[str, object] | int] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    #: The ids it took, each once, in the order in which they came first.
    taken: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def post(self, url: str, body: bytes, fields: Mapping[str, str]) -> Answer:
        """Take a delivery, or answer as it was told to."""
        document = strict.loads(body) if body else {}
        assert isinstance(document, dict)
        post = Post(url, str(document.get("id", "")), body, fields, self.now())
        self.posts.append(post)
        said = self.script.pop(0) if self.script else self.usual
        while callable(said):
            said = said(post)
        if said is None:
            raise Unfetched(codes.UNREACHABLE)
        status, more = said if isinstance(said, tuple) else (said, {})
        if 200 <= status < 300 and post.id not in self.taken:
            self.taken.append(post.id)
        return Answer(status, more, b"")

    def get(self, url: str) -> Fetched:
        """Serve what is there."""
        self.fetched.append(url)
        found = self.documents.get(url, 404)
        if found == 0:
            raise Unfetched(codes.UNREACHABLE)
        if isinstance(found, int):
            raise Unfetched(codes.STATUS, found)
        return Fetched(url, dump(found), _JSON, 200, {})


class Byways(Roads):
    """Roads that lead to strangers too, and keep what went over them."""

    def __init__(self) -> None:
        super().__init__()
        self.strangers: dict[str, Stranger] = {}
        #: What happens before, and after, a delivery reaches a node of the village.
        self.before: Callable[[str], None] = lambda _url: None
        self.after: Callable[[str], None] = lambda _url: None
        #: Every body that was delivered to anybody: URL, body and status.
        self.bodies: list[tuple[str, bytes, int]] = []

    def get(
        self,
        url: str,
        *,
        sign: Sign | None = None,
        kind: Kind = Kind.ACTIVITY,
        within: float = 10.0,
    ) -> Fetched:
        """Fetch what is under a URL."""
        stranger = self.strangers.get(origin(url))
        if stranger is None:
            return super().get(url, sign=sign, kind=kind, within=within)
        outside()
        return stranger.get(url)

    def post(self, url: str, body: bytes, fields: Mapping[str, str]) -> Answer:
        """Deliver a body."""
        stranger = self.strangers.get(origin(url))
        if stranger is not None:
            outside()
            return stranger.post(url, body, fields)
        self.before(url)
        answer = super().post(url, body, fields)
        self.bodies.append((url, body, answer.status))
        self.after(url)
        return answer


def dies(_post: Post) -> Said:
    """Answer nothing: whoever asks is gone before it could come."""
    raise Died
