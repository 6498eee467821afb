from hashlib import sha256

import pytest

from ledger import checkpoint, note
from ledger import witness as decisions
from node import witness
from node.log import names
from tests.support.histories import FALSE, Log

ELM = Log()
HERE = "https://ash.example"
READ = f"/witness/{sha256(ELM.origin.encode()).hexdigest()}/checkpoint"
TEXT = "text/plain; charset=utf-8"


@pytest.fixture
def http(house):
    witness.add(house.node, ELM.vkey)
    return house.app.test_client()


def post(http, body, **headers):
    path = "/witness/add-checkpoint"
    return http.post(path, data=body, base_url=HERE, headers=headers)


def test_any_feeder_gets_a_cosignature_and_anybody_can_read_it(http, house):
    answer = post(http, ELM.asks(0, 20))

    assert (answer.status_code, answer.content_type) == (200, TEXT)
    signed = note.join(note.parse(ELM.signed(20)).text, note.read_lines(answer.data))
    assert note.parse(signed).lines[0].by(names.witness_signer(house.node).vkey)

    read = http.get(READ, base_url=HERE)
    assert (read.status_code, read.content_type) == (200, TEXT)
    assert read.headers["Cache-Control"] == "public, max-age=5"
    assert checkpoint.open(read.data, [ELM.signer.vkey]).size == 20
    assert read.data.endswith(answer.data)


def test_a_feeder_that_is_behind_is_told_the_size(http):
    post(http, ELM.asks(0, 20))

    answer = post(http, ELM.asks(0, 40))

    assert (answer.status_code, answer.data) == (409, b"20\n")
    assert answer.content_type == "text/x.tlog.size"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, b"add-checkpoint-malformed: "),
        (b"old 1\n\nhello", 400, b"note-malformed: "),
        (Log("fir.example/ledger").asks(0, 20), 404, b"log-unknown: "),
        (Log(seed=9).asks(0, 20), 403, b"log-unknown: "),
        (ELM.asks(20, 40, FALSE), 422, b"consistency: "),
        (decisions.write(99, [], ELM.signed(40)), 400, b"old-size: "),
    ],
)
def test_what_is_refused_is_refused_by_status_and_in_words(http, body, status, says):
    post(http, ELM.asks(0, 20))

    answer = post(http, body)

    assert (answer.status_code, answer.content_type) == (status, TEXT)
    assert answer.data.startswith(says)
    assert answer.data.endswith(b".\n")


def test_a_body_is_read_only_if_it_can_be_one(http):
    answer = post(http, b"a" * (decisions.LIMIT + 1))

    assert answer.status_code == 413
    assert post(http, b"a" * decisions.LIMIT).status_code == 400


def test_a_feeder_needs_no_page_of_ours_and_no_type(http):
    elsewhere = {"Origin": "https://elm.example", "Sec-Fetch-Site": "cross-site"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert post(http, ELM.asks(0, 20), **elsewhere).status_code == 200
    assert post(http, ELM.asks(20, 20), **form).status_code == 200


def test_whoever_asks_too_often_is_told_to_wait(http, house):
    answers = [post(http, b"old") for _ in range(121)]

    assert {one.status_code for one in answers[:120]} == {400}
    assert answers[-1].status_code == 429
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) > 0
    house.village.pass_time(minutes=1)
    assert post(http, ELM.asks(0, 20)).status_code == 200


@pytest.mark.parametrize("path", [READ, f"/witness/{'0' * 64}/checkpoint"])
def test_what_was_never_cosigned_is_not_there_yet(http, path):
    answer = http.get(path, base_url=HERE)

    assert (answer.status_code, answer.content_type) == (404, TEXT)
    assert answer.headers["Cache-Control"] == "public, max-age=5"


def test_the_two_doors_take_one_method_each(http):
    assert http.get("/witness/add-checkpoint", base_url=HERE).status_code == 405
    assert http.post(READ, base_url=HERE).status_code == 405
