"""The stewards' page of witnesses: who is known, adding with a look first, proofs."""

import json

import pytest

from ledger import fraud, policy, receipt
from node import log, witness
from tests.support import members
from tests.support.histories import FALSE, Log, witness_key
from tests.support.neighbours import BIRCH, street
from tests.web.abroad import reader

PAGE = "/admin/witnesses"
ELM = Log()
KEY = witness_key()


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def dov(lane):
    found = reader(lane.ash, lane.stewards["ash"].person_id)
    found.open(PAGE)
    return found


def caught(lane):
    witness.add(lane.ash, ELM.vkey)
    witness.add_checkpoint(lane.ash, ELM.asks(0, 20))
    witness.add_checkpoint(lane.ash, ELM.asks(20, 20, FALSE))


def test_without_anybody_it_says_so_in_red_words_and_what_to_do(dov):
    assert '<span class="bad">0 witnesses</span>' in dov.html
    assert "We watch nobody's ledger yet." in dov.text
    assert "Ask another community to watch ours" in dov.text
    dov.open("/admin/peers")
    assert PAGE in dov.links


def test_nobody_is_added_before_a_steward_looked(lane, dov):
    dov.send(f"{PAGE}/look", who=BIRCH)

    assert "Nothing has happened yet." in dov.text
    keys = log.keys(lane.birch)
    for key in (keys["log"][0], keys["witness"]):
        assert key in dov.text
    assert witness.listed(lane.ash) == []

    dov.send(f"{PAGE}/add")

    assert "They are asked at once." in dov.text
    assert [(it.kind, it.url) for it in witness.listed(lane.ash)] == [
        ("log", f"{BIRCH}/ledger"), ("witness", f"{BIRCH}/witness"),
    ]  # fmt: skip


def test_what_was_seen_is_added_even_if_other_keys_are_shown_meanwhile(lane, dov):
    dov.send(f"{PAGE}/look", who=BIRCH)
    lane.village.roads.away = {BIRCH}

    dov.send(f"{PAGE}/add")

    assert len(witness.listed(lane.ash)) == 2


@pytest.mark.parametrize("typed", ["", "  ", "hello", "x" * 9000, "https://no.example"])
def test_what_leads_nowhere_is_asked_again_with_what_was_typed(dov, typed):
    dov.send(f"{PAGE}/look", status=422, who=typed)

    assert 'href="#who"' in dov.html
    assert dov.title.startswith("Error:")
    if typed.strip() and len(typed) < 100:
        assert typed in dov.html


def test_each_is_shown_with_keys_size_and_what_went_wrong(lane, dov):
    witness.name(
        lane.ash,
        witness.find(lane.ash, BIRCH, by=lane.stewards["ash"]),
        by=lane.stewards["ash"],
    )
    witness.add(lane.ash, str(KEY.vkey))
    lane.tell()
    log.sequence(lane.ash)
    log.publish(lane.ash, at=lane.ash.now())
    witness.add(lane.birch, log.keys(lane.ash)["log"][0])
    for name in witness.due(lane.ash):
        witness.run(lane.ash, name)
    lane.village.pass_time(hours=3)

    dov.open(PAGE)

    assert "birch.example/witness" in dov.text
    assert "3 hours ago" in dov.text
    assert str(KEY.vkey) in dov.text
    assert "never It could not be asked. It is tried again by itself." in dov.text
    assert "Witnesses that may lie without harm: 0" in dov.text


def test_a_log_that_was_caught_is_shown_first_with_proof_and_no_way_back(lane, dov):
    caught(lane)

    dov.open(PAGE)

    assert f"Caught: {ELM.origin}" in dov.text
    assert "There is no button to forgive it, on purpose." in dov.text
    [link] = [link for link in dov.links if "/proof/" in link]
    answer = dov.client.get(link, base_url=dov.here)
    assert answer.headers["Content-Disposition"].endswith('.fm-fraud"')
    assert answer.headers["Cache-Control"] == "private, no-store"
    trusted = policy.parse(f"log {ELM.vkey}\nquorum none\n".encode())
    assert fraud.judge(answer.data, trusted, receipt.Pins()).holds
    assert json.loads(answer.data)["kind"] == "split"


def test_a_log_that_was_caught_is_not_added_again(lane, dov):
    caught(lane)
    dov.send(f"{PAGE}/look", who=ELM.vkey)

    dov.send(f"{PAGE}/add", status=422)

    assert "This log signed two histories" in dov.text


def test_a_stolen_key_is_left_out_by_a_steward(lane, dov):
    fresh = Log(seed=9)
    witness.add(lane.ash, ELM.vkey)
    dov.send(f"{PAGE}/look", who=BIRCH)
    assert "Only the new keys count" not in dov.text
    dov.open(PAGE)
    dov.send(f"{PAGE}/look", who=fresh.vkey)
    assert "We know this ledger already, by other keys:" in dov.text
    assert ELM.vkey in dov.text

    dov.send(f"{PAGE}/add", revoked="yes")

    assert ELM.vkey not in dov.text
    assert fresh.vkey in dov.text


def test_a_proof_that_is_not_kept_is_not_found(dov):
    dov.open(f"{PAGE}/proof/{'0' * 64}", status=404)
    dov.open(f"{PAGE}/proof/short", status=404)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/proof/{'0' * 64}"])
def test_it_is_for_stewards(lane, path):
    person = members.join(lane.ash, "advocate@ash.example", "advocate")

    reader(lane.ash, person).open(path, status=403)
    assert (
        "/sign-in"
        in reader(lane.ash)
        .client.get(path, base_url="https://ash.example")
        .headers["Location"]
    )
