"""Cases: opening them in a use case, moving them, and showing what happened.

Absent, foreign and walled cases answer alike; only the 39 moves of `governance`
change where a case stands.
"""

from node.cases.bundles import bundle
from node.cases.closing import withdraw
from node.cases.links import OpenedLink, find, link_visitor, open_link
from node.cases.lists import CaseLine, Mine, mine
from node.cases.receiving import receipt, receipt_head
from node.cases.shapes import (
    Ask,
    CaseView,
    ConsentLine,
    PledgeLine,
    Resolution,
    SeenBy,
    TimelineEntry,
)
from node.cases.triage import TriageChoice, TriageItem, triage, triage_next
from node.cases.views import view

__all__ = [
    "Ask",
    "CaseLine",
    "CaseView",
    "ConsentLine",
    "Mine",
    "OpenedLink",
    "PledgeLine",
    "Resolution",
    "SeenBy",
    "TimelineEntry",
    "TriageChoice",
    "TriageItem",
    "bundle",
    "find",
    "link_visitor",
    "mine",
    "open_link",
    "receipt",
    "receipt_head",
    "triage",
    "triage_next",
    "view",
    "withdraw",
]
