"""Cases: opening them in a use case, moving them, and showing what happened.

Absent, foreign and walled cases answer alike; only the 39 moves of `governance`
change where a case stands.
"""

from node.cases.aside import (
    PURGE,
    UNSEEN,
    Aside,
    discard,
    restore,
    seen,
    set_aside,
    warn,
)
from node.cases.behind import Behind, behind
from node.cases.bundles import bundle
from node.cases.closing import withdraw
from node.cases.links import OpenedLink, alone, find, link_visitor, open_link
from node.cases.lists import CaseLine
from node.cases.own import Mine, Own, Told, mine, own
from node.cases.receiving import receipt, receipt_head, standing
from node.cases.releasing import Leaving, release
from node.cases.shapes import (
    Ask,
    CaseView,
    Chosen,
    ConsentLine,
    PledgeLine,
    Resolution,
    SeenBy,
    TimelineEntry,
)
from node.cases.triage import DANGER, OFFER, URGENT, TriageChoice, triage
from node.cases.triage_next import Known, TriageItem, triage_next
from node.cases.views import readers, view
from node.cases.waiting import Asked, ask_other, come_back, other_replied, resume

__all__ = [
    "DANGER",
    "OFFER",
    "PURGE",
    "UNSEEN",
    "URGENT",
    "Aside",
    "Ask",
    "Asked",
    "Behind",
    "CaseLine",
    "CaseView",
    "Chosen",
    "ConsentLine",
    "Known",
    "Leaving",
    "Mine",
    "OpenedLink",
    "Own",
    "PledgeLine",
    "Resolution",
    "SeenBy",
    "TimelineEntry",
    "Told",
    "TriageChoice",
    "TriageItem",
    "alone",
    "ask_other",
    "behind",
    "bundle",
    "come_back",
    "discard",
    "find",
    "link_visitor",
    "mine",
    "open_link",
    "other_replied",
    "own",
    "readers",
    "receipt",
    "receipt_head",
    "release",
    "restore",
    "resume",
    "seen",
    "set_aside",
    "standing",
    "triage",
    "triage_next",
    "view",
    "warn",
    "withdraw",
]
