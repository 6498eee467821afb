"""Reads and disclosures, as the member and those who watch over them see it."""

from node.access import breaches
from node.access.audit import MOST, Audit, AuditLine, Sought, audit
from node.access.glass import TELL, answer, ask, require, seal, tell
from node.access.looks import GlassLine, looks
from node.access.sharing import DisclosureLine, Exceptional, ReadLine, Sharing, sharing
from node.access.sheets import cell, sheet

__all__ = [
    "MOST",
    "TELL",
    "Audit",
    "AuditLine",
    "DisclosureLine",
    "Exceptional",
    "GlassLine",
    "ReadLine",
    "Sharing",
    "Sought",
    "answer",
    "ask",
    "audit",
    "breaches",
    "cell",
    "looks",
    "require",
    "seal",
    "sharing",
    "sheet",
    "tell",
]
