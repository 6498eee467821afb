"""What may happen to a case, and who may make it happen.

A case belongs to the member whose words opened it: they may take it back at any
time, and only their word, or their silence after reminders, closes it well.
"""

from governance.cases.fold import Happened, Standing, apply, fold
from governance.cases.headlines import HEADLINE_LIMIT, headline
from governance.cases.model import (
    ANSWERED,
    LIVE,
    Act,
    DeadlineSource,
    Kind,
    Outcome,
    Part,
    Priority,
    Sensitivity,
    State,
)
from governance.cases.moves import (
    ANSWER_NOW_KINDS,
    COMPOSITES,
    Composite,
    check_needs,
    check_outcome,
    check_second_person,
    erasure,
    move,
    part_of,
    verb,
)
from governance.cases.references import (
    RANDOM_BYTES,
    check_reference,
    prefix_of,
    reference,
)
from governance.cases.table import MOVES, Move, Need
from governance.cases.windows import (
    AGREE_WITHIN,
    SEEN_WITHIN,
    Windows,
    may_appeal,
    may_reopen,
    may_restore,
)

__all__ = [
    "AGREE_WITHIN",
    "ANSWERED",
    "ANSWER_NOW_KINDS",
    "COMPOSITES",
    "HEADLINE_LIMIT",
    "LIVE",
    "MOVES",
    "RANDOM_BYTES",
    "SEEN_WITHIN",
    "Act",
    "Composite",
    "DeadlineSource",
    "Happened",
    "Kind",
    "Move",
    "Need",
    "Outcome",
    "Part",
    "Priority",
    "Sensitivity",
    "Standing",
    "State",
    "Windows",
    "apply",
    "check_needs",
    "check_outcome",
    "check_reference",
    "check_second_person",
    "erasure",
    "fold",
    "headline",
    "may_appeal",
    "may_reopen",
    "may_restore",
    "move",
    "part_of",
    "prefix_of",
    "reference",
    "verb",
]
