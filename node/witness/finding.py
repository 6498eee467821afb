"""Finding out whom a steward means, before anybody is named."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from federation import strict
from federation.errors import Rejected, Unfetched
from federation.fetch import Kind
from governance.errors import ChoiceInvalid
from ledger.note import ED25519
from node.core import Node
from node.models.witness import WitnessLog
from node.witness.knowing import key_of, place_of

#: So many lines are looked at together.
MOST = 10
_HTTP = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Found:
    """One key that would be named, and where it would be asked."""

    #: `log` or `witness`, as for whoever is known.
    kind: str
    name: str
    vkey: str
    url: str
    #: Of a log that is known: its other keys, which go on counting unless told.
    others: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The same as a line that can be found again."""
        return f"{self.vkey} {self.url}"


def find(node: Node, text: str) -> list[Found]:
    """Return what would be named. Names nobody.

    Each line is a key with or without a URL, or the address of a community, which
    then is asked for its keys.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ChoiceInvalid("There is neither a key nor an address.")
    if len(lines) > MOST:
        raise ChoiceInvalid(f"At most {MOST} lines are looked at together.")
    found = [one for words in lines for one in _read(node, words)]
    return list(dict.fromkeys(found))


def _read(node: Node, words: list[str]) -> list[Found]:
    first, *rest = words
    if first.startswith(_HTTP) and not rest:
        return _asked(node, first)
    if len(rest) > 1:
        raise ChoiceInvalid("A line is an address, or a key and where it is asked.")
    return [_found(node, first, rest[0] if rest else "")]


def _found(node: Node, vkey: str, url: str) -> Found:
    key = key_of(node, vkey)
    where = place_of(node, key, url)
    if key.type != ED25519:
        return Found("witness", key.name, str(key), where)
    with node.read() as tx:
        row = tx.get(WitnessLog, key.name)
    known = row.vkeys.split() if row is not None else []
    others = tuple(other for other in known if other != str(key))
    return Found("log", key.name, str(key), where, others)


def _asked(node: Node, address: str) -> list[Found]:
    home = address.rstrip("/").removesuffix("/ledger")
    try:
        host = urlsplit(home).netloc.lower()
        fetched = node.network.get(f"{home}/ledger/keys.json", kind=Kind.NODEINFO)
        said = strict.loads(fetched.body)
    except (Rejected, Unfetched, ValueError) as error:
        raise ChoiceInvalid("Nobody shows keys of a ledger there.") from error
    keys = [*_listed(said, "log"), *_listed(said, "witness")]
    if not keys:
        raise ChoiceInvalid("Nobody shows keys of a ledger there.")
    return [_own(node, text, home, host) for text in keys]


def _own(node: Node, text: str, home: str, host: str) -> Found:
    name = key_of(node, text).name
    # Whoever answers speaks for its own name, and for no other.
    if not name.startswith(f"{host}/"):
        raise ChoiceInvalid("There are keys of somebody else there.")
    return _found(node, text, home + name.removeprefix(host))


def _listed(said: object, name: str) -> list[str]:
    given = said.get(name) if isinstance(said, dict) else None
    many = given if isinstance(given, list) else [given]
    return [text for text in many if isinstance(text, str)]
