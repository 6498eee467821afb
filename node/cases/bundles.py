"""One archive with everything that checks a chain without this node, for ever."""

import json
from collections.abc import Mapping
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from node import log
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.models.log import LedgerSeal

#: Every archive of the same chain says the same, so none says when it was asked for.
_WHEN = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
{about}, each in a receipt of its own.

Each file that ends in .tlog-proof holds the words, who sealed them, and the proof that
they stand in the ledger of {origin}. Nobody can take them back or change them without
these files showing it. They are as private as the words in them.

To check them you need Python 3.11 or newer with the package `cryptography`, and the
folder `ledger` of Folkmoot. No network and no account:

    python -m ledger verify *.tlog-proof --policy policy --statements '{statements}'

`policy` and `keys.json` say which keys this node had when you saved this. Compare them
with what you saved before, or with what others have: a node cannot vouch for itself.
`head` is a signed note that says how many entries there were.
"""


def bundle(node: Node, reference: str, *, by: Visitor) -> bytes | None:
    """Return a zip archive of all receipts; None while one is being sealed."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        name = hand.case.reference
        about = f"Everything that was said and done in case {name}"
        return pack(node, tx, hand.case.id, name=name, about=about)


def pack(
    node: Node, tx: Session, chain_id: UUID, *, name: str, about: str
) -> bytes | None:
    """Return all receipts of a chain, each named so; None while one is being sealed."""
    numbers = select(LedgerSeal.seq).where(LedgerSeal.case_id == chain_id)
    held = {"head": log.head(node, tx, chain_id)}
    for seq in tx.scalars(numbers.order_by(LedgerSeal.seq)):
        receipt = log.receipt(node, tx, chain_id, seq)
        if receipt is None:
            return None
        held[f"{name}-{seq:04}.tlog-proof"] = receipt
    keys = log.keys(node)
    held["policy"] = log.policy(node).encode()
    held["keys.json"] = json.dumps(keys, indent=2).encode() + b"\n"
    held["README.txt"] = _READ_ME.format(
        about=about, origin=node.settings.origin, statements=keys["statements"]
    ).encode()
    return _packed(held)


def _packed(held: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in held.items():
            entry = ZipInfo(name, _WHEN)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()
