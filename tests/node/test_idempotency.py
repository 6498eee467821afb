from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from governance.errors import IdempotencyMismatch, NotFound, StillRunning
from node import idempotency
from node.idempotency import Request
from node.models.forms import Answered
from tests.support.village import Village

POST = "POST /api/v1/submissions"
ASKED = Request("member/ada", "7c9e-1", POST, b'{"text": "No heating"}')
ANSWER = b'{"case": "\xc3\x84SH", "raw": "\xff\x00"}'


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


class Desk:
    """Counts how often it was asked to do its work."""

    def __init__(self):
        self.done = 0

    def __call__(self):
        self.done += 1
        return 201, ANSWER


@pytest.fixture
def desk():
    return Desk()


def test_the_same_request_again_gets_the_same_answer_and_no_effect(ash, desk):
    first = idempotency.once(ash, ASKED, desk)

    second = idempotency.once(ash, ASKED, desk)

    assert first == (201, ANSWER, False)
    assert second == (201, ANSWER, True)
    assert desk.done == 1


@pytest.mark.parametrize(
    "other", [{"body": b'{"text": "No water"}'}, {"what": "POST /api/v1/cases"}]
)
def test_the_same_key_with_another_request_is_refused(ash, desk, other):
    idempotency.once(ash, ASKED, desk)

    with pytest.raises(IdempotencyMismatch):
        idempotency.once(ash, replace(ASKED, **other), desk)

    assert desk.done == 1


@pytest.mark.parametrize("other", [{"key": "7c9e-2"}, {"client": "member/ben"}])
def test_another_key_or_client_is_another_request(ash, desk, other):
    idempotency.once(ash, ASKED, desk)

    assert idempotency.once(ash, replace(ASKED, **other), desk)[2] is False
    assert desk.done == 2


def test_while_the_first_is_worked_on_the_second_is_told_so(ash, desk):
    told = []

    def slowly():
        with pytest.raises(StillRunning):
            idempotency.once(ash, ASKED, desk)
        with pytest.raises(IdempotencyMismatch):
            idempotency.once(ash, replace(ASKED, body=b"other"), desk)
        told.append("both")
        return desk()

    assert idempotency.once(ash, ASKED, slowly)[0] == 201
    assert (told, desk.done) == (["both"], 1)


def test_many_at_once_have_one_effect_and_equal_answers(ash, desk):
    def ask(_):
        try:
            return idempotency.once(ash, ASKED, desk)[:2]
        except StillRunning:
            return None

    with ThreadPoolExecutor(4) as crowd:
        answers = {answer for answer in crowd.map(ask, range(8)) if answer}

    assert (desk.done, answers) == (1, {(201, ANSWER)})


def test_what_was_refused_may_be_tried_again(ash, desk):
    def refuse():
        raise NotFound("There is no such case here.")

    with pytest.raises(NotFound):
        idempotency.once(ash, ASKED, refuse)

    assert idempotency.once(ash, ASKED, desk) == (201, ANSWER, False)


def test_what_died_half_way_is_done_again_after_its_lease(village, ash, desk):
    idempotency._claim(ash, idempotency._marks(ash, ASKED))  # noqa: SLF001 - and then the process dies

    with pytest.raises(StillRunning):
        idempotency.once(ash, ASKED, desk)
    village.pass_time(minutes=2)
    again = idempotency.once(ash, ASKED, desk)

    assert again == (201, ANSWER, False)


def test_an_answer_is_kept_for_thirty_days(village, ash, desk):
    idempotency.once(ash, ASKED, desk)

    village.pass_time(days=29)
    before = idempotency.once(ash, ASKED, desk)
    village.pass_time(days=1)
    after = idempotency.once(ash, replace(ASKED, body=b"other"), desk)

    assert (before[2], after[2], desk.done) == (True, False, 2)


def test_the_table_holds_neither_request_nor_answer(ash, desk):
    idempotency.once(ash, ASKED, desk)

    with ash.read() as tx:
        row = tx.scalars(select(Answered)).one()

    stolen = row.id_hash + row.body_hash + row.answer
    assert not [word for word in (b"heating", b"ada", b"case") if word in stolen]


def test_old_answers_are_forgotten(village, ash, desk):
    idempotency.once(ash, ASKED, desk)
    village.pass_time(days=15)
    idempotency.once(ash, replace(ASKED, key="young"), desk)
    village.pass_time(days=15)

    idempotency.forget(ash)

    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Answered)) == 1
