"""The log's first leaf: which keys speak for this node from the beginning."""

from uuid import UUID

from sqlalchemy.orm import Session

from ledger import checkpoint, entry, note, tree
from ledger.encoding import Json
from node.core import Node
from node.log import names
from node.models.log import LedgerChain, LedgerHead, LedgerOutbox
from node.upsert import insert_rows

#: The chain of clear leaves.
CLEAR = UUID(int=0)


def found(node: Node, tx: Session) -> None:
    """Begin the log: an empty head, and `genesis` as its first leaf."""
    now = node.now()
    text = checkpoint.text(names.origin(node), 0, tree.EMPTY)
    signed = note.sign(text, names.log_signer(node))
    insert_rows(
        tx,
        LedgerHead,
        {"id": 1, "epoch": 1, "size": 0, "root": tree.EMPTY, "note": signed},
    )
    body: dict[str, Json] = {
        "epoch": 1,
        "keys": [str(names.log_signer(node).vkey)],
        "statements": str(names.statements_signer(node).vkey),
        "witness": str(names.witness_vkey(node)),
        "rp": [node.settings.hostname],
        "recovery": {"m": 0, "keys": []},
        "previous": None,
    }
    leaf = entry.clear(
        entry.Clear(
            log=names.origin(node),
            seq=0,
            prev=None,
            at=int(now.timestamp() * 1000),
            kind="genesis",
            body=body,
            payload={},
        )
    )
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
