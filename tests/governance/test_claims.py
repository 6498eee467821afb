from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.claims import Value, ValueKind, value
from governance.errors import ValueInvalid

numbers = st.from_regex(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?", fullmatch=True)


@given(numbers)
def test_a_number_is_read_exactly(number):
    read = value("amount", number, "EUR")

    assert read == Value(ValueKind.AMOUNT, Decimal(number), "EUR")
    assert str(read) == f"{number} EUR"


@pytest.mark.parametrize(
    ("kind", "number", "unit"),
    [
        ("quantity", "3", "m²"),
        ("quantity", "2.5", "kilowatt hours"),
        ("days", "14", "days"),
    ],
)
def test_quantities_and_days_are_values_too(kind, number, unit):
    assert str(value(kind, number, unit)) == f"{number} {unit}"


def test_days_need_no_unit():
    assert value("days", "3").unit == "days"


@pytest.mark.parametrize(
    "number",
    [
        "", " ", "1 ", "+1", "-1", "01", "1,5", ".5", "1.", "1e3", "NaN", "Infinity",
        "1_000", "\N{ARABIC-INDIC DIGIT ONE}", "1.00000", "1000000000000", "1\n",
    ],
)  # fmt: skip
def test_what_is_not_plainly_a_number_is_refused(number):
    with pytest.raises(ValueInvalid, match="digits"):
        value("amount", number, "EUR")


@pytest.mark.parametrize("unit", ["", "eur", "EURO", "E1R", "€", "days"])
def test_an_amount_names_its_currency(unit):
    with pytest.raises(ValueInvalid, match="currency"):
        value("amount", "1", unit)


@pytest.mark.parametrize("unit", ["", " kg", "1kg", "k\ng", "k" * 41, "_"])
def test_a_quantity_names_what_is_counted(unit):
    with pytest.raises(ValueInvalid, match="counted"):
        value("quantity", "1", unit)


def test_days_are_counted_in_days():
    with pytest.raises(ValueInvalid, match="days"):
        value("days", "1", "weeks")


@pytest.mark.parametrize("kind", ["", "money", "AMOUNT"])
def test_there_are_three_kinds_of_value(kind):
    with pytest.raises(ValueInvalid, match="A value is"):
        value(kind, "1", "EUR")
