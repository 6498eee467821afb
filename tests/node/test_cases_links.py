import unicodedata

import pytest
from sqlalchemy import update

from governance.cases import Act, State, reference
from governance.errors import LinkInvalid, NotFound, Throttled
from node import cases
from node.cases import links
from node.models.cases import CaseLink

HERE = "203.0.113.7"
ABSENT = reference("AM", b"\x01\x02\x03\x04")


@pytest.fixture
def made(moot):
    return moot.tell(name="Ada")


def with_accents(words):
    return " ".join(unicodedata.normalize("NFC", f"{w[0]}\u0301{w[1:]}") for w in words)


def loose(text):
    return unicodedata.normalize("NFD", text)


TYPED = {
    "as given": " ".join,
    "in capitals": lambda words: " ".join(words).upper(),
    "with commas": lambda words: "  " + ", ".join(words) + ".",
    "with strokes": "-".join,
    "in lines": "\n".join,
    "four letters each": lambda words: " ".join(word[:4] for word in words),
    "wrong after four": lambda words: " ".join(word[:4] + "zz" for word in words),
    "with accents": with_accents,
    "with loose accents": lambda words: loose(with_accents(words)),
    "numbered": lambda words: "".join(f"1. {word} " for word in words),
}
MISSED = {
    "three": lambda words: " ".join(words[:3]),
    "five": lambda words: " ".join((*words, words[0])),
    "three letters each": lambda words: " ".join(word[:3] for word in words),
    "backwards": lambda words: " ".join(reversed(words)),
    "nothing": lambda _: "",
    "no text": lambda _: "\0",
    "very much": lambda _: "x" * 100_000,
}


@pytest.mark.parametrize("how", TYPED)
def test_four_words_open_a_case_however_they_were_typed(moot, how):
    # Words of three letters have no first four to keep a typing mistake away from.
    made = next(
        one for one in (moot.tell() for _ in range(50)) if min(map(len, one.words)) > 3
    )
    typed = TYPED[how](made.words)

    token = cases.find(moot.node, made.reference.lower(), typed, source=HERE)

    assert token == made.link_token


@pytest.mark.parametrize("how", MISSED)
def test_any_miss_is_one_and_the_same_answer(moot, made, how):
    said = []
    for ref in (made.reference, ABSENT, "no reference"):
        with pytest.raises(NotFound) as no:
            cases.find(moot.node, ref, MISSED[how](made.words), source=HERE)
        said.append((no.value.reason, no.value.code, dict(no.value.values)))

    assert len({str(one) for one in said}) == 1


def test_the_words_of_another_case_open_nothing(moot, made):
    other = moot.tell()

    with pytest.raises(NotFound):
        cases.find(moot.node, made.reference, " ".join(other.words), source=HERE)
    with pytest.raises(NotFound):
        cases.find(moot.node, ABSENT, " ".join(made.words), source=HERE)


def test_guessing_is_slow_for_each_case_from_wherever_it_comes(moot, made):
    for number in range(5):
        with pytest.raises(NotFound):
            cases.find(
                moot.node, made.reference, "a b c d", source=f"203.0.113.{number}"
            )

    with pytest.raises(Throttled):
        cases.find(
            moot.node, made.reference, " ".join(made.words), source="198.51.100.1"
        )
    moot.village.pass_time(hours=1)
    assert cases.find(moot.node, made.reference, " ".join(made.words), source=HERE)


def test_guessing_is_slow_for_each_place_whatever_it_asks_for(moot, made):
    for number in range(20):
        with pytest.raises(NotFound):
            cases.find(
                moot.node, reference("AM", bytes([number] * 4)), "a b", source=HERE
            )

    with pytest.raises(Throttled):
        cases.find(moot.node, made.reference, " ".join(made.words), source=HERE)


def test_typing_mistakes_of_others_take_nobodys_tries_away(moot):
    for number in range(20):
        with pytest.raises(NotFound):
            cases.find(moot.node, f"typo {number}", "a b", source=f"203.0.113.{number}")


def test_a_link_leads_to_its_case_and_knows_its_member(moot, made):
    opened = cases.open_link(moot.node, made.link_token)
    holder = cases.link_visitor(moot.node, opened.token)

    assert opened.reference == made.reference
    assert (holder.kind, holder.name, holder.case_id) == ("guest", "Ada", made.case_id)


def changed(token, at):
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def test_no_changed_link_opens_anything(moot, made):
    token = made.link_token
    forged = [changed(token, at) for at in range(len(token))]
    odd = ["", ".", token.split(".")[0], token + "A", "é", token.replace(".", "..")]

    for one in [*forged, *odd]:
        assert cases.link_visitor(moot.node, one) is None
        with pytest.raises(LinkInvalid):
            cases.open_link(moot.node, one)


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
def test_a_link_that_was_ended_opens_nothing(moot, made, column):
    with moot.node.begin() as tx:
        tx.execute(update(CaseLink).values({column: moot.node.now()}))

    assert cases.link_visitor(moot.node, made.link_token) is None


def test_the_words_make_a_new_link_once_the_first_was_ended(moot, made):
    with moot.node.begin() as tx:
        tx.execute(update(CaseLink).values(revoked_at=moot.node.now()))

    token = cases.find(moot.node, made.reference, " ".join(made.words), source=HERE)

    assert token != made.link_token
    assert cases.open_link(moot.node, token).reference == made.reference


def test_words_are_the_same_every_time_and_others_for_every_case(moot):
    made = [moot.tell() for _ in range(20)]

    assert len({one.words for one in made}) == 20
    for one in made:
        assert links.words(moot.node, one.case_id) == one.words
        assert len(one.words) == 4


def test_a_link_ends_ninety_days_after_its_case_and_not_while_it_goes_on(moot, made):
    moot.bring(made, State.CLOSED)
    moot.village.pass_time(days=89)
    moot.act(made, Act.REOPEN, moot.guest(made))
    moot.village.pass_time(days=400)
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    moot.village.pass_time(days=90, seconds=-1)
    assert cases.link_visitor(moot.node, made.link_token)
    moot.village.pass_time(seconds=1)

    assert cases.link_visitor(moot.node, made.link_token) is None
