"""Which rows of a month's statistics an auditor may ask to see.

The root of a checkpoint that others cosigned after the rows were fixed decides it, so
nobody could have chosen rows that look well.
"""

from hashlib import sha256

from ledger.encoding import u64
from ledger.errors import Invalid
from ledger.tree import HASH


def samples(root: bytes, rows: int, count: int) -> list[int]:
    """Return the numbers of the rows to ask for; one may come up more than once.

    `root` is that of the first cosigned checkpoint that includes the statistics.
    """
    if len(root) != HASH or rows < 0 or count < 0:
        raise Invalid("samples", "There is a root, and a number of rows.")
    if rows == 0:
        return []
    seed = sha256(b"folkmoot/sample/v1\0" + root).digest()
    drawn = [sha256(seed + u64(number)).digest()[:8] for number in range(count)]
    return [int.from_bytes(one) % rows for one in drawn]
