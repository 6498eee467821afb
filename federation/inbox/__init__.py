"""What arrives at an inbox: whether it is taken, from whom, and as what.

Cheap checks come before dear ones, and all of them are decided by what was signed.
Nothing here fetches, stores or acts.
"""

from federation.inbox.catalogue import Change, Place, change, lane, place
from federation.inbox.heads import check_body, check_head, is_activity
from federation.inbox.memory import (
    Seen,
    buries,
    fingerprint,
    is_buried,
    is_farewell,
    marks,
    seen,
    tombstone,
)
from federation.inbox.modes import Treatment, treatment
from federation.inbox.registry import Inbox
from federation.inbox.senders import (
    Arrived,
    Checked,
    Local,
    Proof,
    asks_a_person,
    check_sender,
    sender,
)
from federation.inbox.shapes import activity_type
from federation.inbox.table import FORMS, OTHER, ROWS, Form, Lane, Row
from federation.inbox.trust import is_own

__all__ = [
    "FORMS",
    "OTHER",
    "ROWS",
    "Arrived",
    "Change",
    "Checked",
    "Form",
    "Inbox",
    "Lane",
    "Local",
    "Place",
    "Proof",
    "Row",
    "Seen",
    "Treatment",
    "activity_type",
    "asks_a_person",
    "buries",
    "change",
    "check_body",
    "check_head",
    "check_sender",
    "fingerprint",
    "is_activity",
    "is_buried",
    "is_farewell",
    "is_own",
    "lane",
    "marks",
    "place",
    "seen",
    "sender",
    "tombstone",
    "treatment",
]
