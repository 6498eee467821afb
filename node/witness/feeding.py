"""Showing our checkpoint to those who witness it, and keeping what they say to it."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.errors import Unfetched
from federation.fetch import Answer
from ledger import cosignature, note, tiles, witness
from ledger.encoding import number
from ledger.errors import Invalid
from ledger.note import Line, VKey
from node.core import Node
from node.log import exporting, names, reading
from node.logging import log as logger
from node.models.log import LedgerCheckpoint
from node.models.witness import LedgerCosignature, LedgerWitness
from node.upsert import insert_over
from node.witness import visits, warning

#: A size that stays the same is cosigned anew after that.
_DAILY = timedelta(hours=24)
_TYPE = {"content-type": witness.TEXT}
#: A witness that has seen more of our log than there is says that it was rolled back.
AHEAD = "witness-ahead"
#: What a witness says to a log it saw another history of. Only its own checkpoint,
#: which our key signed, proves that: so it is asked for that.
_DOUBTS = {AHEAD, f"status-{HTTPStatus.UNPROCESSABLE_ENTITY:d}"}


def feed(node: Node, vkey: str) -> bool:
    """Ask one witness to cosign the newest checkpoint; False if somebody else does."""
    visit = visits.begin(node, LedgerWitness, vkey)
    if visit is None:
        return False
    key, problem = VKey.parse(vkey), ""
    found: tuple[LedgerCheckpoint, Line] | None = None
    try:
        found = _cosigned(node, visit.row, key)
    except Unfetched as failure:
        problem = failure.code
    except Invalid as no:
        problem = no.code
    if problem == AHEAD:
        logger().error("witness.ahead", problem=problem)
    with node.begin() as tx:
        row = visits.end(node, tx, visit, problem, _DAILY)
        if problem:
            warning.plan(node, tx)
        if row is not None and problem in _DOUBTS:
            row.ask_at = node.now()
        if found is not None:
            published, line = found
            kept = _keep(node, tx, published, key, line)
            if row is not None and kept:
                row.size = published.size
    return True


def _cosigned(
    node: Node, known: LedgerWitness, key: VKey
) -> tuple[LedgerCheckpoint, Line]:
    answer, published = _ask(node, known.url, known.size)
    size = _recorded(answer)
    if size is not None:
        answer, published = _ask(node, known.url, size)
    if answer.status != HTTPStatus.OK:
        raise Invalid(f"status-{answer.status}", "The witness said no.")
    text, now = note.parse(published.note).text, int(node.now().timestamp())
    for line in note.read_lines(answer.body):
        if line.by(key):
            cosignature.verify(text, line, key, now=now)
            return published, line
    raise Invalid("witness-silent", "The witness sent no line of its own.")


def _ask(node: Node, url: str, old: int) -> tuple[Answer, LedgerCheckpoint]:
    with node.read() as tx:
        published = reading.published(tx)
        if old > published.size:
            raise Invalid(AHEAD, "The witness has seen more of this log than there is.")
        proof = (
            tiles.consistency(old, published.size, reading.tile_reader(tx))
            if old
            else []
        )
    body = witness.write(old, proof, published.note)
    return node.network.post(f"{url}/add-checkpoint", body, _TYPE), published


def _recorded(answer: Answer) -> int | None:
    """Return the size that a witness says it has; None if it says no such thing."""
    said = answer.fields.get("content-type", "").partition(";")[0].strip()
    if answer.status != HTTPStatus.CONFLICT or said != witness.SIZE:
        return None
    return number(answer.body.decode(errors="replace").removesuffix("\n"))


def _keep(
    node: Node, tx: Session, shown: LedgerCheckpoint, key: VKey, line: Line
) -> bool:
    """Put a line that was checked beside the checkpoint, and into its note.

    False if that is gone: the log ended meanwhile.
    """
    # Two witnesses may answer at once: each sees what the other kept.
    size, text = shown.size, note.parse(shown.note).text
    published = tx.get(LedgerCheckpoint, size, with_for_update=True)
    if published is None or note.parse(published.note).text != text:
        return False
    keep_line(tx, size, key, line)
    kept = select(LedgerCosignature.line).where(LedgerCosignature.size == size)
    lines = tx.scalars(kept.order_by(LedgerCosignature.vkey)).all()
    found, own = note.parse(published.note), names.named(published.note)
    signed = note.join(found.text, [one for one in found.lines if one.name == own])
    for one in lines:
        if len(signed) + len(one) <= note.LIMIT:
            signed += one
    published.note = signed
    exporting.ask(node, tx, size)
    return True


def keep_line(tx: Session, size: int, key: VKey, line: Line) -> None:
    """Keep a line that was checked, in place of what the witness said before."""
    at = datetime.fromtimestamp(cosignature.time_of(line), UTC)
    row: dict[str, object] = {
        "size": size, "vkey": str(key), "line": line.encode(), "at": at,
    }  # fmt: skip
    insert_over(tx, LedgerCosignature, row, "size", "vkey")
