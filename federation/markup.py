"""A stranger's HTML: what of it may be shown, and what it says as plain text.

The source is kept beside both. Nothing here is trusted because it was once clean: text
is cleaned from its source, each time by the rules of the version that shows it.
"""

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

import nh3

from federation.errors import ActivityMalformed

TAGS: Final = frozenset(
    {
        *("a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "span"),
        *("strong", "ul"),
    }
)
SCHEMES: Final = frozenset({"http", "https", "mailto"})
#: What a text of people has at most. Beyond it the parser's cost grows faster than
#: the text: 50,000 tags take six seconds, these some hundredths.
MOST_TAGS: Final = 5_000
_RELATION: Final = "nofollow noopener noreferrer"
_BLOCKS: Final = frozenset({"blockquote", "ol", "p", "pre", "ul"})
_SPACES = re.compile(r"[ \t\r\n\f]+")


def clean(html: str) -> str:
    """Return the part of some HTML that may stand in a page of ours."""
    if html.count("<") > MOST_TAGS:
        raise ActivityMalformed("The text has more tags than a text has.")
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        attribute_filter=_address,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=_RELATION,
    )


def plain(html: str) -> str:
    """Return what some HTML says, with the addresses of its links, as plain text."""
    reader = _Reader()
    reader.feed(clean(html))
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.written).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def paragraphs(text: str) -> Iterator[str]:
    """Give the paragraphs of a plain text as HTML: an empty line ends one."""
    for paragraph in re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip()):
        if paragraph:
            yield f"<p>{escape(paragraph, quote=False).replace(chr(10), '<br>')}</p>"


def link(address: object) -> str | None:
    """Return an address that may become a link: absolute, and honest about its host."""
    if not isinstance(address, str) or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
        named = parts.scheme == "mailto" or bool(parts.hostname)
        disguised = parts.scheme != "mailto" and "@" in parts.netloc
    except ValueError:
        return None
    spaced = "\\" in address or " " in address
    usable = parts.scheme in SCHEMES and named and not disguised and not spaced
    return address if usable else None


def _address(_tag: str, name: str, value: str) -> str | None:
    return link(value) if name == "href" else value


class _Reader(HTMLParser):
    """Writes down the text of HTML that was cleaned before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._kept = 0
        self._opened: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where one begins."""
        if tag in _BLOCKS:
            self.written.append("\n\n")
        match tag:
            case "br":
                self.written.append("\n")
            case "li":
                self.written.append("\n- ")
            case "pre":
                self._kept += 1
            case "a":
                address = dict(attrs).get("href") or ""
                self._opened.append((address, len(self.written)))

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or say where a link leads that does not show it."""
        if tag in _BLOCKS:
            self.written.append("\n\n")
        if tag == "pre":
            self._kept -= 1
        if tag == "a" and self._opened:
            address, start = self._opened.pop()
            said = "".join(self.written[start:])
            if address and address not in said:
                self.written.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        """Take text as it is shown: spaces count once outside of `pre`."""
        self.written.append(data if self._kept else _SPACES.sub(" ", data))
