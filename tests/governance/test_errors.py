import re

import pytest

from governance import errors
from governance.errors import Denied, Invalid, Refusal, RulesInvalid, Throttled

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, Refusal)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_refusal_has_a_code_of_its_own_and_one_sentence(kind):
    assert re.fullmatch(r"[a-z-]+(\.[a-z-]+)?", kind.code)
    assert [it for it in KINDS if it.code == kind.code] == [kind]
    assert kind.__doc__.partition("\n")[0].endswith(".")


def test_what_was_typed_wrong_is_told_apart_by_its_code():
    for kind in Invalid.__subclasses__():
        assert kind.code.startswith("invalid.")


def test_a_refusal_carries_its_text_and_its_values():
    refusal = Refusal("Not today.", day="monday")

    assert (str(refusal), refusal.reason) == ("Not today.", "Not today.")
    assert refusal.values == {"day": "monday"}


def test_who_asks_too_often_is_told_how_long_to_wait():
    refusal = Throttled("Please wait.", retry_after=30)

    assert (refusal.retry_after, refusal.values) == (30, {"retry_after": 30})


def test_a_denial_names_the_rules_that_decided():
    assert Denied("No.", rules=("silence",)).rules == ("silence",)


def test_invalid_rules_come_with_every_finding():
    refusal = RulesInvalid("/a: wrong.", "/b: wrong.")

    assert refusal.findings == ("/a: wrong.", "/b: wrong.")
    assert refusal.reason == "These rules cannot be used: /a: wrong. /b: wrong."
