"""What no vote and no steward can change.

Every bylaws document carries an exact copy; one that differs is invalid.
"""

from fractions import Fraction
from typing import Final

#: What everybody, the claimant of a case, and a member may always do.
ANYONE: Final = frozenset({"ledger.verify", "report.read", "rules.read"})
CLAIMANT: Final = frozenset(
    {
        "case.appeal",
        "case.confirm",
        "case.dispute",
        "case.erase",
        "case.read",
        "case.withdraw",
        "consent.withdraw",
    }
)
MEMBER: Final = frozenset(
    {
        "appeal.file",
        "ballot.check",
        "member.export",
        "member.leave",
        "petition.sign",
        "poll.vote",
        "register.read",
        "roll.read",
    }
)
#: What stays to somebody who left or was removed.
FORMER_MEMBER: Final = frozenset({"appeal.file", "member.export"})

THRESHOLD_MIN: Final = Fraction(1, 2)
THRESHOLD_MAX: Final = Fraction(9, 10)
BLOCK_OVERRIDE_MAX: Final = Fraction(19, 20)
#: Of the classes `bylaws` and `removal`.
HIGH_THRESHOLD_MIN: Final = Fraction(2, 3)
BYLAWS_DAYS_MIN: Final = 14
QUORUM_MAX: Final = Fraction(1, 2)
PETITION_MAX: Final = Fraction(1, 5)

#: The floor as documents carry it. Changing it is a release with a new id.
FLOOR: Final[dict[str, object]] = {
    "id": "folkmoot-floor/1",
    "vote_weight": 1,
    "binding_threshold_min": str(THRESHOLD_MIN),
    "binding_threshold_max": str(THRESHOLD_MAX),
    "block_override_max": str(BLOCK_OVERRIDE_MAX),
    "bylaws_threshold_min": str(HIGH_THRESHOLD_MIN),
    "bylaws_days_min": BYLAWS_DAYS_MIN,
    "quorum_max": str(QUORUM_MAX),
    "petition_share_max": str(PETITION_MAX),
    "reveal": "at_close",
    "emergency_hours_max": 168,
    "emergencies_per_30_days": 2,
    "role_days_max": 730,
    "agreement_days_max": 730,
    "clearance_minutes": 10,
    "appeal_days_min": 14,
    "founder_days_max": 180,
    "points_power": False,
    "retroactive": False,
    "on_doubt": "deny",
    "always_allowed": {
        "anyone": sorted(ANYONE),
        "claimant": sorted(CLAIMANT),
        "member": sorted(MEMBER),
    },
    "never_by_emergency": [
        "appeals",
        "ballots",
        "bylaws",
        "elections",
        "keys",
        "ledger",
    ],
}
