"""Who watches the town's ledger, and whose it watches: rows as they would be.

Nobody is asked: those others do not exist, and are not due for years.
"""

from datetime import timedelta

from node import witness
from node.core import Node
from node.models.witness import LedgerCosignature, LedgerWitness, WitnessLog
from tests.support.histories import FALSE, Log, witness_key

_FAR = timedelta(days=3650)


def seed(node: Node) -> None:
    """Make witnesses, one of them silent, and logs, one of them caught."""
    far = {"next_at": node.now() + _FAR, "tries": 1, "lease_until": None}
    signed = str(witness_key("birch.example/witness", 21).vkey)
    never = str(witness_key("a-long-name-of-a-place.cedar.example/witness", 22).vkey)
    elm, oak = Log(seed=23), Log("oak.example/ledger", 24)
    with node.begin() as tx:
        for key, size, problem in ((signed, 1, ""), (never, 0, "egress.unreachable")):
            url = f"https://{key.partition('+')[0]}"
            row = LedgerWitness(vkey=key, size=size, url=url, problem=problem, **far)
            tx.add(row)
        tx.add(LedgerCosignature(size=1, vkey=signed, line=b"", at=node.now()))
        for log in (elm, oak):
            url = f"https://{log.origin}"
            row = WitnessLog(origin=log.origin, vkeys=log.vkey, url=url, **far)
            row.problem = "tiles"
            tx.add(row)
    for log in (elm, oak):
        witness.add_checkpoint(node, log.asks(0, 20))
    witness.add_checkpoint(node, oak.asks(20, 20, FALSE))
