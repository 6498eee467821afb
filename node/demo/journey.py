"""What every part of the journey stands on: steps, people, mail, and patience.

Each step is timed, and says what it saw. A step that fails ends the journey.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from time import monotonic, sleep
from typing import TypeVar
from urllib.parse import urlsplit

from node.demo import bench
from node.demo.browser import Answer, Browser, PageWrong
from node.demo.cast import Community
from node.demo.catcher import Catcher

OK, CREATED, LATER = 200, 201, 202
#: How long anything may take that another process has to do first.
PATIENCE = 30
_AGAIN = 0.1

Found = TypeVar("Found")
#: Is told of a step as it ends.
Hear = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Site:
    """A community of the journey, and the address where it is met."""

    community: Community
    home: str

    @property
    def host(self) -> str:
        """Its name on the network, as the other community shows it."""
        return urlsplit(self.home).netloc

    @property
    def witness(self) -> str:
        """Its name under the seals that it signed."""
        return f"{self.host}/witness"

    @property
    def actor(self) -> str:
        """Its id on the network."""
        return f"{self.home}/ap/c/{self.community.slug}"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of the ledger, and where somebody may take its receipts home."""

    site: Site
    name: str
    browser: Browser
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Journey:
    """What was done, and what it left in the travellers' hands."""

    here: Site
    there: Site
    catcher: Catcher
    hear: Hear
    steps: list[dict[str, object]] = field(default_factory=list)
    #: Token of every case that somebody without an account told, by its reference.
    tokens: dict[str, str] = field(default_factory=dict)
    #: The case of the guest, and the one that its member makes public.
    told: str = ""
    shown: str = ""
    #: Every chain whose receipts somebody holds.
    chains: list[Chain] = field(default_factory=list)
    #: What the standalone verifier said of each receipt.
    verdicts: list[tuple[Site, Mapping[str, object]]] = field(default_factory=list)
    _browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every step so far held."""
        return all(step["ok"] for step in self.steps)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time a step, and write down what it saw or what went wrong."""
        began, seen = monotonic(), list[str]()
        ok = False
        try:
            yield seen
            ok = True
        except (PageWrong, OSError, bench.Broken) as wrong:
            seen.append(f"{type(wrong).__name__}: {wrong}")
        finally:
            step: dict[str, object] = {
                "step": name,
                "ok": ok,
                "seconds": round(monotonic() - began, 3),
                "evidence": "; ".join(seen),
            }
            self.steps.append(step)
            self.hear(step)

    def mail(self, to: str, subject: str) -> EmailMessage:
        """Return the newest mail to somebody about something."""
        mail = self.catcher.wait(to, subject, PATIENCE)
        if mail is None:
            raise PageWrong(f"no mail about: {subject}")
        return mail

    def person(self, site: Site, key: str) -> Browser:
        """Return somebody's browser, signed in by the link in a mail."""
        if key in self._browsers:
            return self._browsers[key]
        browser, mail = Browser(site.home), site.community.mail(key)
        page = browser.get("/sign-in")
        browser.fill(page, "/sign-in", contact=mail)
        link = link_in(self.mail(mail, "Sign in"))
        page = browser.get(link)
        expect(browser.fill(page, link.partition(site.home)[2]), OK)
        self._browsers[key] = browser
        return browser


def link_in(mail: EmailMessage) -> str:
    """Return the address that a mail is about."""
    text: str = mail.get_content()
    return next(line for line in text.splitlines() if line.startswith("http"))


def expect(answer: Answer, status: int) -> Answer:
    """Return an answer that is as it is due, or say how it is wrong."""
    if answer.status != status:
        raise PageWrong(f"answered {answer.status} where {status} was due")
    return answer


def until(what: str, look: Callable[[], Found | None]) -> Found:
    """Look again and again until there is something; not for ever."""
    deadline = monotonic() + PATIENCE
    while True:
        found = look()
        if found is not None:
            return found
        if monotonic() > deadline:
            raise PageWrong(f"not within {PATIENCE} s: {what}")
        sleep(_AGAIN)


def page_with(browser: Browser, path: str, words: str) -> Answer:
    """Open a page again and again until it says something, and return it."""

    def look() -> Answer | None:
        page = expect(browser.get(path), OK)
        return page if words in page.text else None

    return until(f"“{words}” on a page", look)
