"""One archive with everything that checks a chain without this node, for ever."""

import json
from collections.abc import Mapping
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from governance.access import Field
from ledger import archive
from node import log
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import pick_up
from node.core import Node

#: Every archive of the same chain says the same, so none says when it was asked for.
_WHEN = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
{about}, each in a receipt of its own.

Each file that ends in .tlog-proof holds the words, who sealed them, and the proof that
they stand in the ledger of {origin}. Nobody can take them back or change them without
these files showing it. They are as private as the words in them.

To check them, open verify.html in a browser and choose this archive. It needs no
network, and sends nothing anywhere.

Or use Python 3.11 or newer with the package `cryptography` 50 or newer, and the folder
`ledger` of Folkmoot. No network and no account:

    python -m ledger verify *.tlog-proof --policy policy --statements '{statements}'

That proves each of them. That none is missing, and none was slipped in, is proven by
a copy of the log: its files `checkpoint` and `tile/entries/...`, as {ledger}
and whoever mirrors it serve them, in a folder. These lines make one, named `log`, with
`curl` and any shell; everybody asks for the same files, so nobody learns of your case:

{script}
Then choose that folder in verify.html, too, or:

    python -m ledger thread THIS.zip --log log --policy policy \\
        --statements '{statements}'

`policy` and `keys.json` say which keys this node had when you saved this. Compare them
with what you saved before, or with what others have: a node cannot vouch for itself.
`head` is a signed note that says how many entries there were.
"""
#: Bundles of 256 entries; a log of fewer has the last one in part (C2SP tlog-tiles).
_COPY = """\
    log={ledger}
    curl -fsS --create-dirs -o log/checkpoint "$log/checkpoint" &&
    size=$(sed -n 2p log/checkpoint) && n=0 &&
    while [ $((n * 256)) -lt "$size" ]; do
        path=$(printf %03d $((n % 1000))) high=$((n / 1000)) left=$((size - n * 256))
        while [ $high -gt 0 ]; do
            path=x$(printf %03d $((high % 1000)))/$path high=$((high / 1000))
        done
        part=$path; [ $left -ge 256 ] || part=$path.p/$left
        curl -fsS --create-dirs -o "log/tile/entries/$part" "$log/tile/entries/$part" ||
        curl -fsS --create-dirs -o "log/tile/entries/$path" "$log/tile/entries/$path" ||
            break
        n=$((n + 1))
    done
"""
_GONE = """
Some entries were erased. Only their places in the ledger are left. The file `erased`
says which: every verifier reads it, and finds out whether the rest is whole.
"""


def bundle(node: Node, reference: str, *, by: Visitor) -> bytes | None:
    """Return a zip archive of all receipts; None while one is being sealed."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        name = hand.case.reference
        about = f"Everything that was said and done in case {name}"
        found = pack(node, tx, hand.case.id, name=name, about=about)
        look = reads.of_case(hand, Field.BUNDLE) if found else None
    reads.keep(node, look)
    return found


def pack(
    node: Node, tx: Session, chain_id: UUID, *, name: str, about: str
) -> bytes | None:
    """Return all receipts of a chain, each named so; None while one is being sealed."""
    held = {"head": log.head(node, tx, chain_id)}
    erased = {
        n for n, gone in log.erased(tx, chain_id).items() if gone.level == "entry"
    }
    for seq in [one.seq for one in log.stands(tx, chain_id) if one.seq not in erased]:
        receipt = log.receipt(node, tx, chain_id, seq)
        if receipt is None:
            return None
        held[f"{name}-{seq:04}.tlog-proof"] = receipt
    keys = log.keys_in(node, tx)
    held["policy"] = log.suggested(node, tx).encode()
    held["keys.json"] = json.dumps(keys, indent=2).encode() + b"\n"
    ledger = node.settings.origin + log.place(log.epoch(node))
    read_me = _READ_ME.format(
        about=about,
        origin=node.settings.origin,
        script=_COPY.format(ledger=ledger),
        ledger=ledger,
        statements=keys["statements"],
    )
    if erased:
        read_me += _GONE
        held[archive.ERASED] = archive.listed(erased)
    held["README.txt"] = read_me.encode()
    return _packed(held)


def _packed(held: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as made:
        for name, content in held.items():
            entry = ZipInfo(name, _WHEN)
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, content)
    return written.getvalue()
