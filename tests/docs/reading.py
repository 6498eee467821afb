"""The documents, as the tests of their examples read them.

A block that is to be run has `<!-- run -->` on the line before it. In a console block
a line after `$ ` is a command; the lines below it are its answer, `...` stands for
anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^<!-- run -->\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A block of a document that promises to work."""

    document: Path
    number: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{name(self.document)}-{self.number}"


def name(document: Path) -> str:
    """Return a document's name as people of this house say it."""
    return document.relative_to(ROOT).as_posix()


def examples() -> list[Example]:
    """Return every block that is marked to be run."""
    return [
        Example(document, number, language, text)
        for document in DOCUMENTS
        for number, (language, text) in enumerate(
            BLOCK.findall(document.read_text(encoding="utf-8")), start=1
        )
    ]


def said(example: Example) -> Iterator[tuple[str, str]]:
    """Return each command of a console block with the answer it promises."""
    for part in re.split(r"^\$ ", example.text, flags=re.MULTILINE)[1:]:
        command, _, answer = part.partition("\n")
        yield command, answer


def code(document: Path) -> list[str]:
    """Return what a document shows as code: fenced, indented, and between ticks."""
    text = document.read_text(encoding="utf-8")
    indented = re.findall(r"^ {4}\S.*$", text, re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", FENCED.sub("", text))
    fenced = [line for block in FENCED.findall(text) for line in block.splitlines()]
    return [*(line.strip() for line in indented), *inline, *fenced]


def links(document: Path) -> list[str]:
    """Return where a document points to inside the repository."""
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    return [to for to in LINK.findall(text) if "://" not in to and "@" not in to]


def anchors(document: Path) -> set[str]:
    """Return the anchors that a document's headings make."""
    headings = HEADING.findall(FENCED.sub("", document.read_text(encoding="utf-8")))
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }
