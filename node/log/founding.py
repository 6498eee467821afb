"""The log's first leaf: which keys speak for this node from the beginning."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ledger import author, checkpoint, entry, note, tree
from ledger.encoding import Json, unb64u
from ledger.errors import Invalid
from ledger.note import Signer, VKey
from ledger.tree import HASH
from node.core import Node
from node.errors import BadSetting
from node.log import names, signing
from node.log.shapes import milliseconds
from node.models.log import LedgerChain, LedgerHead, LedgerOutbox
from node.upsert import insert_rows

#: The chain of clear leaves.
CLEAR = UUID(int=0)


def found(node: Node, tx: Session) -> None:
    """Begin the first log: an empty head, and `genesis` as its first leaf."""
    signer, now = names.log_signer(node), node.now()
    insert_rows(tx, LedgerHead, {"id": 1, **head(node, 1, signer)})
    leaf = genesis(node, 1, signer.vkey, None)
    insert_rows(tx, LedgerOutbox, {"leaf": leaf})
    insert_rows(
        tx,
        LedgerChain,
        {
            "case_id": CLEAR,
            "key_by": "node",
            "next_seq": 1,
            "head": tree.leaf_hash(leaf),
            "at": now,
        },
    )
    tx.info["ring"] = True


def head(node: Node, epoch: int, signer: Signer) -> dict[str, Any]:
    """Return the head of a log that is empty."""
    text = checkpoint.text(names.origin(node, epoch), 0, tree.EMPTY)
    return {
        "epoch": epoch,
        "size": 0,
        "root": tree.EMPTY,
        "note": note.sign(text, signer),
        "signers": signing.write([signing.LogKey(signer.vkey)]),
    }


def genesis(node: Node, epoch: int, key: VKey, previous: Json) -> bytes:
    """Return the first leaf: which keys speak for this node, and what it follows."""
    body: dict[str, Json] = {
        "epoch": epoch,
        "keys": [str(key)],
        "statements": str(names.statements_signer(node).vkey),
        "witness": str(names.witness_signer(node).vkey),
        "rp": [node.settings.hostname],
        "recovery": _recovery(node.settings.ledger_recovery),
        "previous": previous,
    }
    return entry.clear(
        entry.Clear(
            log=names.origin(node, epoch),
            seq=0,
            prev=None,
            at=milliseconds(node.now()),
            kind="genesis",
            body=body,
            payload={},
        )
    )


def _recovery(given: tuple[str, ...]) -> dict[str, Json]:
    if not given:
        return {"m": 0, "keys": []}
    most, *named = given
    try:
        for one in named:
            author.check_key(unb64u(one, HASH))
    except Invalid as error:
        raise BadSetting(f"FOLKMOOT_LEDGER_RECOVERY: {error.text}") from error
    few = most.isascii() and most.isdecimal() and 0 < int(most) <= len(named)
    if not few or len({*named}) != len(named):
        raise BadSetting(
            "FOLKMOOT_LEDGER_RECOVERY is how many must sign and the keys themselves, "
            "each once: 2,KEY,KEY,KEY."
        )
    keys: list[Json] = [*named]
    return {"m": int(most), "keys": keys}
