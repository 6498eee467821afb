"""Whom a steward names: logs that this node cosigns, and witnesses of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.errors import Rejected, Unfetched
from governance.errors import ChoiceInvalid
from ledger.errors import Invalid
from ledger.note import ED25519, VKey
from node import log
from node.core import Node
from node.models.witness import (
    LedgerCosignature,
    LedgerWitness,
    Mirror,
    WitnessLog,
)

#: A policy names no more, and a note has no more lines.
MOST = 60


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose log we cosign, or who cosigns ours."""

    #: `log` or `witness`.
    kind: str
    name: str
    url: str
    #: What was cosigned last, by us or by them; None if nothing was.
    size: int | None
    #: When that was, where it is they who say it.
    at: datetime | None
    #: Why the last time was in vain.
    problem: str


def add(node: Node, vkey: str, url: str = "", *, only: bool = False) -> None:
    """Name a log or a witness, by what its key is for. Safe to call again.

    `url` is where it is asked; without one it is read from the key's name. A log gets
    one more key, if it has others, or `only` this one; its record stays.
    """
    add_all(node, [(vkey, url)], only=only)


def add_all(
    node: Node, chosen: Sequence[tuple[str, str]], *, only: bool = False
) -> None:
    """Name several together, as `add` does: all, or none if one is refused."""
    read = [(key_of(node, vkey), url) for vkey, url in chosen]
    asked = [(key, place_of(node, key, url)) for key, url in read]
    with node.begin() as tx:
        for key, where in asked:
            row = _log(tx, key, only=only) if key.type == ED25519 else _witness(tx, key)
            rows: list[LedgerWitness | Mirror | WitnessLog] = [row]
            if isinstance(row, WitnessLog):
                rows.append(_mirror(tx, row.origin))
            for one in rows:
                one.url, one.next_at, one.tries, one.problem = where, node.now(), 0, ""
            tx.add_all(rows)
            tx.flush()
        tx.info["ring"] = True


def key_of(node: Node, text: str) -> VKey:
    """Return the key of somebody else, or refuse what is none."""
    try:
        key = VKey.parse(text)
    except Invalid as error:
        raise ChoiceInvalid("This is not a verifier key.") from error
    with node.read() as tx:
        own = log.verifier_keys(node, tx)
    if text in own:
        raise ChoiceInvalid("This is a key of this node itself.")
    return key


def place_of(node: Node, key: VKey, url: str) -> str:
    """Return where a key is asked: at `url`, else where its name says."""
    where = (url or f"https://{key.name}").rstrip("/")
    try:
        node.network.place(where)
    except (Rejected, Unfetched) as error:
        raise ChoiceInvalid("This is no address that can be asked.") from error
    return where


def _log(tx: Session, key: VKey, *, only: bool) -> WitnessLog:
    row = tx.get(WitnessLog, key.name, with_for_update=True)
    if row is None:
        return WitnessLog(origin=key.name, vkeys=str(key))
    if row.caught_at is not None:
        raise ChoiceInvalid("This log signed two histories: nobody can vouch for it.")
    others = [] if only else row.vkeys.split()
    row.vkeys = "\n".join(dict.fromkeys([*others, str(key)]))
    return row


def _mirror(tx: Session, origin: str) -> Mirror:
    row = tx.get(Mirror, origin, with_for_update=True)
    return row or Mirror(origin=origin, size=0, fetched=0, weight=0)


def _witness(tx: Session, key: VKey) -> LedgerWitness:
    row = tx.get(LedgerWitness, str(key), with_for_update=True)
    if row is not None:
        return row
    if (tx.scalar(select(func.count()).select_from(LedgerWitness)) or 0) >= MOST:
        raise ChoiceInvalid(f"A log has at most {MOST} witnesses.")
    return LedgerWitness(vkey=str(key), size=0)


def listed(node: Node) -> list[Known]:
    """Return whose logs we cosign, and who cosigns ours."""
    newest = select(LedgerCosignature.vkey, LedgerCosignature.at).join(
        LedgerWitness,
        (LedgerWitness.size == LedgerCosignature.size)
        & (LedgerWitness.vkey == LedgerCosignature.vkey),
    )
    with node.read() as tx:
        at: dict[str, datetime] = dict(tx.execute(newest).all())
        logs = tx.scalars(select(WitnessLog).order_by(WitnessLog.origin))
        witnesses = tx.scalars(select(LedgerWitness).order_by(LedgerWitness.vkey))
        copies = tx.execute(select(Mirror.origin, Mirror.problem)).all()
        copying: dict[str, str] = dict(copies)
        return [
            *[
                Known(
                    "log", row.origin, row.url, row.size, None,
                    "caught"
                    if row.caught_at
                    else row.problem or copying.get(row.origin, ""),
                )
                for row in logs
            ],
            *[
                Known(
                    "witness", VKey.parse(row.vkey).name, row.url,
                    row.size if row.vkey in at else None, at.get(row.vkey), row.problem,
                )
                for row in witnesses
            ],
        ]  # fmt: skip
