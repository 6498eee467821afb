from federation.fetch import Answer
from node import witness, work
from tests.support.witnessing import POST, TEXT, cosigned

DOV = "dov@ash.example"


def told(ash):
    work.sweep(ash.ash)
    return [mail["Subject"] for to, mail in ash.village.mails if to == DOV]


def answers(ash):
    ash.answers[POST] = Answer(200, TEXT, cosigned(ash))


def test_stewards_hear_of_it_after_an_hour_and_once(oracle_on):
    oracle_on.grow()
    assert told(oracle_on) == []
    oracle_on.village.pass_time(minutes=59)
    assert told(oracle_on) == []

    oracle_on.village.pass_time(minutes=1)
    assert told(oracle_on) == ["Too few witnesses for the ledger of Ash Moot"]

    oracle_on.village.pass_time(hours=5)
    oracle_on.grow()
    assert len(told(oracle_on)) == 1


def test_doing_it_twice_tells_it_once(oracle_on):
    oracle_on.grow()
    told(oracle_on)
    oracle_on.village.pass_time(hours=1)
    assert len(told(oracle_on)) == 1

    witness.warn(oracle_on.ash, "0")

    assert len(told(oracle_on)) == 1


def test_a_witness_that_is_back_within_the_hour_worries_nobody(oracle):
    oracle.grow()
    told(oracle)
    answers(oracle)
    oracle.village.pass_time(minutes=50)
    told(oracle)

    oracle.village.pass_time(hours=2)

    assert told(oracle) == []


def test_it_is_told_again_when_it_happens_again(oracle):
    oracle.grow()
    told(oracle)
    oracle.village.pass_time(hours=1)
    assert len(told(oracle)) == 1
    answers(oracle)
    oracle.village.pass_time(hours=1)
    told(oracle)
    del oracle.answers[POST]

    oracle.grow()
    told(oracle)
    oracle.village.pass_time(hours=1)

    assert len(told(oracle)) == 2


def test_what_stands_still_and_was_seen_by_enough_worries_nobody(oracle):
    oracle.grow()
    answers(oracle)
    told(oracle)
    del oracle.answers[POST]

    oracle.village.pass_time(hours=24)
    told(oracle)
    oracle.village.pass_time(hours=2)

    # A promise in a case is missed meanwhile, which is another worry.
    assert [one for one in told(oracle) if "promise" not in one] == []
