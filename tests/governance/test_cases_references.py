import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import RANDOM_BYTES, check_reference, prefix_of, reference
from governance.errors import Invalid, ReferenceInvalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = ALPHABET[10:]
prefixes = st.text(LETTERS, min_size=2, max_size=2)
chance = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
references = st.builds(reference, prefixes, chance)


def test_a_reference_is_two_letters_a_dash_and_seven_signs():
    assert reference("EM", b"\x00\x00\x00\x00") == "EM-000000H"
    assert reference("EM", b"\xff\xff\xff\xff") == "EM-ZZZZZZ" + last("EMZZZZZZ")


def last(signs):
    # The same check, the long way: a sum of products in GF(32).
    total = 0
    for place, sign in enumerate(reversed(signs), start=1):
        product = ALPHABET.index(sign) << place
        for bit in range(product.bit_length() - 6, -1, -1):
            if product >> bit + 5 & 1:
                product ^= 0b100101 << bit
        total ^= product
    return ALPHABET[total]


@given(prefixes, chance)
def test_the_last_sign_is_the_check_of_all_others(prefix, dice):
    made = reference(prefix, dice).replace("-", "")

    assert made[-1] == last(made[:-1])


@given(references)
def test_a_reference_uses_only_what_can_be_read_out(made):
    assert set(made[:2] + made[3:]) <= set(ALPHABET)
    assert (len(made), made[2]) == (10, "-")


@given(prefixes, st.lists(chance, min_size=2, max_size=2, unique_by=lambda it: it[0]))
def test_other_chance_makes_another_reference(prefix, dice):
    first, second = (bytes([0, 0, 0, it[0]]) for it in dice)

    assert reference(prefix, first) != reference(prefix, second)


@given(references)
def test_a_reference_is_known_again(made):
    assert check_reference(made) == made


@given(references, st.data())
def test_a_reference_is_known_however_it_was_typed(made, data):
    typed = made[:3] + made[3:].replace("0", data.draw(st.sampled_from("0oO")))
    typed = typed[:3] + typed[3:].replace("1", data.draw(st.sampled_from("1iIlL")))
    typed = typed.replace(
        "-", data.draw(st.sampled_from(["", " ", "-", " - ", "\N{EN DASH}"]))
    )

    assert check_reference(f" {typed.lower()}\n") == made
    assert check_reference(" ".join(typed)) == made


@given(references, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(made, place, sign):
    signs = list(made.replace("-", ""))
    if signs[place] != sign:
        signs[place] = sign

        with pytest.raises(ReferenceInvalid):
            check_reference("".join(signs))


@given(references, st.integers(0, 8), st.integers(0, 8))
def test_two_swapped_signs_are_noticed(made, one, other):
    signs = list(made.replace("-", ""))
    if signs[one] != signs[other]:
        signs[one], signs[other] = signs[other], signs[one]

        with pytest.raises(ReferenceInvalid):
            check_reference("".join(signs))


@pytest.mark.parametrize(
    "text", ["", "EM", "EM-", "EM-0000000", "EM-000000", "EM-000000YY", "EM-00U000Y"]
)
def test_what_was_never_given_out_is_refused(text):
    with pytest.raises(Invalid):
        check_reference(text)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_reference_or_refused(text):
    try:
        found = check_reference(text)
    except ReferenceInvalid:
        return
    assert check_reference(found) == found


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Elm Moot", "EM"),
        ("Elm", "EM"),
        ("Ash Grove Tenants", "AG"),
        ("Tenants of Oak", "TF"),
        ("elm-street 4", "ES"),
        ("Ilo", "XX"),
        ("A", "AX"),
        ("Дом", "XX"),
        ("", "XX"),
    ],
)
def test_a_prefix_is_made_of_the_first_letters_of_the_name(name, prefix):
    assert prefix_of(name) == prefix


@given(st.text(max_size=40), chance)
def test_every_community_can_give_out_references(name, dice):
    made = reference(prefix_of(name), dice)

    assert check_reference(made) == made
