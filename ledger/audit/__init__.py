"""What anybody can find out about a log from its static files, without a secret.

An audit accuses nobody by itself: what it finds says where to look, and which two files
make a fraud proof.
"""

from ledger.audit.clears import Clears, clear_chain
from ledger.audit.copies import whole
from ledger.audit.epochs import follows
from ledger.audit.growth import STEPS, Findings, advance
from ledger.audit.pace import Pace, cadence
from ledger.audit.points import AWARDED, points, read_award
from ledger.audit.samples import samples
from ledger.audit.state import Audited, resume, served
from ledger.audit.tags import Twin, tags

__all__ = [
    "AWARDED",
    "STEPS",
    "Audited",
    "Clears",
    "Findings",
    "Pace",
    "Twin",
    "advance",
    "cadence",
    "clear_chain",
    "follows",
    "points",
    "read_award",
    "resume",
    "samples",
    "served",
    "tags",
    "whole",
]
