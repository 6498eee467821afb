"""Taking in what arrives, whatever way it came."""

from node.consent_rows import WORDING
from node.intake.shapes import Arrival, Audience, For, Taken, Told
from node.intake.taking import may_acknowledge, take_in

__all__ = [
    "WORDING",
    "Arrival",
    "Audience",
    "For",
    "Taken",
    "Told",
    "may_acknowledge",
    "take_in",
]
