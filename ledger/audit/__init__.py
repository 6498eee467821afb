"""What anybody can find out about a log from its static files, without a secret.

An audit accuses nobody by itself: what it finds says where to look, and which two files
make a fraud proof.
"""

from ledger.audit.clears import Clears, clear_chain
from ledger.audit.growth import Findings, advance
from ledger.audit.pace import Pace, cadence
from ledger.audit.points import points
from ledger.audit.state import Audited, resume
from ledger.audit.tags import Twin, tags

__all__ = [
    "Audited",
    "Clears",
    "Findings",
    "Pace",
    "Twin",
    "advance",
    "cadence",
    "clear_chain",
    "points",
    "resume",
    "tags",
]
