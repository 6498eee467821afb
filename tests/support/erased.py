"""Everything an erasure must leave nowhere, and every place to look for it."""

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from governance.cases import State
from ledger import entry, policy
from ledger.encoding import b64u
from ledger.entry import Clear
from ledger.receipt import Held, Pins, ThreadVerdict, verify_thread
from node import cases, erasing, log, threads, vault, work
from node.accounts import Visitor
from node.core import Node
from node.erasing import Level, Wish
from node.log import names
from node.log.chains import disclosure_place, open_case_key
from node.models.log import LedgerChain, LedgerDisclosure, LedgerSeal
from node.models.submissions import Submission
from node.models.threads import Message
from node.models.vault import ContentKey
from node.submissions import Submitted
from node.threads import Words
from tests.support.cast import Moot
from tests.support.logs import inside

WORDS = "canary: the landlord hit the wall with a hammer"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens one entry, or is in it, by what it is called."""

    #: Its words and every sealed cell they stand in, and what seals them.
    words: dict[str, bytes]
    #: Nonce, E, S, P.
    opening: dict[str, bytes]
    #: The evidence behind it.
    evidence: dict[str, bytes]
    #: The chain's own keys.
    keys: dict[str, bytes]

    def of(self, level: Level) -> dict[str, bytes]:
        """Return what must be nowhere any more at a level."""
        found = dict(self.words)
        if level is not Level.REDACT:
            found |= self.evidence
        if level in {Level.ENTRY, Level.CHAIN}:
            found |= self.opening
        return found | (self.keys if level is Level.CHAIN else {})


def secrets(node: Node, case_id: UUID, seq: int, name: str = "text") -> Secrets:
    """Return everything there is about one field of one entry."""
    with node.read() as tx:
        seal = tx.scalars(
            select(LedgerSeal).where(
                LedgerSeal.case_id == case_id, LedgerSeal.seq == seq
            )
        ).one()
        wrapped = tx.get_one(ContentKey, ("case", case_id)).wrapped
        key = vault.key_of(node, tx, "case", case_id) or b""
        chain = tx.get_one(LedgerChain, case_id)
        words = {"content key": key, "wrapped key": wrapped}
        for row in tx.scalars(
            select(LedgerDisclosure).where(LedgerDisclosure.oid == seal.oid)
        ):
            opened = vault.unseal(key, disclosure_place(row.oid, row.n), row.disclosure)
            field = entry.read_disclosure(opened)
            if field.name == name:
                words |= {"disclosure": opened.encode(), "cell": row.disclosure}
                words |= {"salt": field.salt, "words": str(field.value).encode()}
        for model, column in ((Message, "body"), (Submission, "text")):
            at = model.entry_seq == seq if model is Message else seq == 0
            for copy in tx.scalars(select(model).where(model.case_id == case_id, at)):
                words[column] = getattr(copy, column)
        case_key = open_case_key(key, case_id, chain.case_key or b"")
        return Secrets(
            words,
            {
                "nonce": seal.nonce, "E": seal.entry, "S": seal.stmt, "P": seal.proof,
                "eid": seal.eid,
            },
            {"evidence": seal.evidence or b"no evidence"},
            {"case key": case_key, "sealed case key": chain.case_key or b""},
        )  # fmt: skip


def stores(node: Node) -> dict[str, bytes]:
    """Return every store of a node as bytes: its folder, and a server's dump."""
    folder = node.settings.data
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    if node.settings.database_url:
        found["dump"] = dump(node.settings.database_url)
    return found


def dump(url: str) -> bytes:
    """Return a server's database as a backup has it."""
    command = ["pg_dump", "--dbname", url]
    run = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    return run.stdout


def left(node: Node, wanted: dict[str, bytes]) -> set[str]:
    """Return what is found where, in any spelling that the program uses."""
    return {
        f"{name} in {store}"
        for store, raw in stores(node).items()
        for name, secret in wanted.items()
        if any(spelled in raw for spelled in _spellings(secret))
    }


def _spellings(secret: bytes) -> set[bytes]:
    return {secret, secret.hex().encode(), b64u(secret).encode()}


def erase(
    moot: Moot, made: Submitted, wish: Wish, by: Visitor | None = None
) -> log.Ticket | None:
    """Erase something as the member who came by the link and knows the words."""
    asked = replace(wish, words=" ".join(made.words), source="203.0.113.9")
    by = by or moot.guest(made)
    return erasing.erase(moot.node, made.reference, asked, by=by)


def thread(
    node: Node, case_id: UUID, receipts: list[bytes], key: bytes, *erased: int
) -> ThreadVerdict:
    """Check a whole chain against the published log, as its member can."""
    statements = names.statements_signer(node).vkey
    with node.read() as tx:
        head = log.head(node, tx, case_id)
    note = log.checkpoint(node)
    size = log.status(node).size
    held = Held(
        receipts=receipts,
        checkpoint=note,
        case_key=key,
        head=head,
        erased=frozenset(erased),
    )
    trusted = policy.parse(log.policy(node).encode())
    leaves = inside(node).leaves[:size]
    return verify_thread(held, leaves, trusted, Pins(statements=(statements,)))


def put_back(node: Node, copy: Path) -> None:
    """Put a database back from a copy of a folder, and nothing else."""
    for path in node.settings.data.glob("folkmoot.sqlite3*"):
        path.unlink()
    for path in copy.glob("folkmoot.sqlite3*"):
        (node.settings.data / path.name).write_bytes(path.read_bytes())


def spoken(moot: Moot) -> Submitted:
    """Return a case in which its member wrote something they will not want kept."""
    made = moot.tell(contact="ann@example.org", name="Ann Onymous", wanted="Heat")
    moot.tell()
    moot.bring(made, State.WORKING)
    for text in (WORDS, "Something else."):
        words = Words(uuid4(), text)
        threads.write(moot.node, made.reference, words, by=moot.guest(made))
    settle(moot)
    return made


def settle(moot: Moot) -> None:
    """Let everything that is owed be done and published."""
    for _ in range(3):
        moot.village.pass_time(minutes=2)
        work.sweep(moot.node)


def at(moot: Moot, made: Submitted, text: str = WORDS) -> int:
    """Return the number of the entry with some words."""
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    return next(one.seq for one in view.timeline if one.text == text)


def wish(level: Level, seq: int, **more: object) -> Wish:
    name = "text" if level is Level.REDACT else ""
    at = None if level is Level.CHAIN else seq
    return Wish(level=level, seq=at, name=name, **more)  # type: ignore[arg-type]


def tombstones(moot: Moot) -> list[Clear]:
    """Return what the log says in public about erasures."""
    clear = [entry.read_leaf(leaf) for leaf in inside(moot.node).leaves if leaf[0] == 0]
    return [one for one in clear if isinstance(one, Clear) and one.kind == "tombstone"]
