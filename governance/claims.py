"""What a member wants put right, and what it is worth to them.

A value is stated by its claimant and orders nothing: no priority, queue or pledge
looks at it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from governance.errors import ValueInvalid

#: Digits before and after the point; more is a slip of the finger.
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNIT = re.compile(r"[^\W\d_][^\x00-\x1f\x7f]{0,39}")
_DAYS = "days"


class ValueKind(StrEnum):
    """What is measured."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    DAYS = "days"


#: What the unit of each kind looks like, and how to say so.
_UNITS: dict[str, tuple[re.Pattern[str], str]] = {
    ValueKind.AMOUNT: (_CURRENCY, "Name the currency by its three letters."),
    ValueKind.QUANTITY: (_UNIT, "Name what is counted, for example kg or hours."),
    ValueKind.DAYS: (re.compile(_DAYS), "Days are counted in days."),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A measurable value: an amount of money, a quantity, or days."""

    kind: ValueKind
    number: Decimal
    #: ISO 4217 for an amount, "days" for days, else what is counted.
    unit: str

    def __str__(self) -> str:
        """Return it as it is shown."""
        return f"{self.number} {self.unit}"


def value(kind: str, number: str, unit: str = _DAYS) -> Value:
    """Read a value from what was typed, or refuse it."""
    if kind not in _UNITS:
        raise ValueInvalid("A value is an amount, a quantity or a number of days.")
    if _NUMBER.fullmatch(number) is None:
        raise ValueInvalid("Write the number with digits only, for example 120.50.")
    pattern, advice = _UNITS[kind]
    if pattern.fullmatch(unit) is None:
        raise ValueInvalid(advice)
    return Value(ValueKind(kind), Decimal(number), unit)
