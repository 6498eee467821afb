"""Where the pages of the ledger lead: on the node, and in a copy without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from node import log
from node.log import PayloadShown
from web import current


class Links(Protocol):
    """What the templates ask for."""

    @property
    def layout(self) -> str:
        """The page around each page."""

    @property
    def live(self) -> bool:
        """Whether the node answers, so that ages can be told by its clock."""

    def page(self, name: str) -> str:
        """Return where a page is."""

    def entry(self, index: int) -> str:
        """Return where an entry is shown."""

    def file(self, name: str) -> str:
        """Return where a file for programs is."""

    def log(self, name: str, place: str = "") -> str:
        """Return where a file of a log is: without a place, of the one that goes on."""

    def payload(self, shown: PayloadShown) -> str:
        """Return where salt and bytes of a payload are had."""


@dataclass(frozen=True, slots=True)
class Live:
    """On the node, by the addresses that never change."""

    layout: str = "base.html"
    live: bool = True

    def page(self, name: str) -> str:
        """Return where a page is."""
        return "/ledger" if name == "index" else self.file(name)

    def entry(self, index: int) -> str:
        """Return where an entry is shown."""
        return self.file(str(index))

    def file(self, name: str) -> str:
        """Return where a file for programs is."""
        return f"/ledger/{name}"

    def log(self, name: str, place: str = "") -> str:
        """Return where a file of a log is: without a place, of the one that goes on."""
        return f"{place or _now()}/{name}"

    def payload(self, shown: PayloadShown) -> str:
        """Return where salt and bytes of a payload are had."""
        return self.file(f"payload/{shown.commitment}")


@dataclass(frozen=True, slots=True)
class Still:
    """In a copy: file beside file, so that it holds wherever it is put."""

    #: From this page up to where all begins.
    up: str
    #: How many entries one page shows.
    each: int
    #: What a payload is had as.
    data: Callable[[PayloadShown], str]
    layout: str = "ledger/still.html"
    live: bool = False

    def page(self, name: str) -> str:
        """Return where a page is."""
        return self.file(f"{name}.html")

    def entry(self, index: int) -> str:
        """Return where an entry is shown."""
        return self.page(f"entries/{index // self.each}") + f"#e{index}"

    def file(self, name: str) -> str:
        """Return where a file for programs is."""
        return self.up + name

    def log(self, name: str, place: str = "") -> str:
        """Return where a file of a log is: without a place, of the one that goes on."""
        return self.up + f"{place or _now()}/{name}".removeprefix("/ledger/")

    def payload(self, shown: PayloadShown) -> str:
        """Return where salt and bytes of a payload are had."""
        return self.data(shown)


def _now() -> str:
    return log.place(log.epoch(current.node()))
