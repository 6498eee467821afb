from dataclasses import replace
from uuid import uuid4

import pytest

from federation import strict
from governance.errors import NotFound, NotYours
from node import answers, neighbours, public_cases, replies
from node.models.outbox import Outgoing
from node.models.publications import PublicReply
from tests.support.neighbours import ASH, BIRCH, REPLY, TITLE
from tests.support.publicly import entries, stored


def given(lane):
    [case] = neighbours.every(lane.birch, by=lane.cleo)
    [answer] = neighbours.one(lane.birch, case.chain_id, by=lane.cleo).answers
    return answer.key, case.chain_id


def test_an_answer_that_is_taken_back_is_gone_here_and_there(lane, heard):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    key, chain_id = given(lane)

    for _ in range(2):
        answers.take_back(lane.birch, chain_id, key, by=lane.cleo)
        lane.run()

    seen = neighbours.one(lane.birch, chain_id, by=lane.cleo)
    assert [(one.text, one.state) for one in seen.answers] == [("", "deleted")]
    document, gone = answers.document(lane.birch, key)
    assert (document["type"], gone) == ("Tombstone", True)
    assert stored(lane.ash, PublicReply.html) == [""]
    assert stored(lane.ash, PublicReply.state) == ["deleted"]
    assert not any(REPLY.encode() in raw for raw in stored(lane.birch, Outgoing.raw))
    said = entries(lane.birch, chain_id)
    assert [(one.kind, one.role) for one in said[1:]] == [
        ("reply", "advocate"),
        ("withdraw", "advocate"),
    ]
    told = [strict.loads(body) for body in heard]
    last = [one for one in told if one["type"] == "Delete"]
    assert [one["actor"] for one in last] == [f"{BIRCH}/ap/u/cleo"]


def test_an_answer_taken_back_before_it_left_never_leaves(lane, heard):
    made = lane.tell()
    lane.publish(made)
    lane.village.roads.away = {ASH}
    lane.answer()
    key, chain_id = given(lane)
    before = len(heard)

    answers.take_back(lane.birch, chain_id, key, by=lane.cleo)
    lane.village.roads.away = set()
    for _ in range(10):
        lane.village.pass_time(minutes=5)
        lane.run()

    types = {strict.loads(body)["type"] for body in heard[before:]}
    assert types == {"Delete"}
    assert replies.listed(lane.ash, made.reference, by=lane.ada) == []


def test_only_whoever_gave_an_answer_takes_it_back(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    key, chain_id = given(lane)
    eve = lane.advocate("eve")

    with pytest.raises(NotYours):
        answers.take_back(lane.birch, chain_id, key, by=eve)
    for chain, one in ((uuid4(), key), (chain_id, "0" * 32)):
        with pytest.raises(NotFound):
            answers.take_back(lane.birch, chain, one, by=lane.cleo)

    seen = neighbours.one(lane.birch, chain_id, by=eve)
    assert [(one.state, one.own) for one in seen.answers] == [("sent", False)]


def test_an_answer_is_in_its_authors_language_and_has_a_page_of_its_own(lane):
    lane.publish(lane.tell())
    [case] = neighbours.every(lane.birch, by=lane.cleo)
    ana = replace(lane.cleo, language="es")

    answers.answer(lane.birch, case.chain_id, uuid4(), "Nos pasó lo mismo.", by=ana)
    answers.answer(lane.birch, case.chain_id, uuid4(), REPLY, by=lane.cleo)

    first, second = neighbours.one(lane.birch, case.chain_id, by=lane.cleo).answers
    for line, language in ((first, "es"), (second, "en")):
        said, _ = answers.document(lane.birch, line.key)
        assert list(said["contentMap"]) == [language]
        assert said["url"] == f"{BIRCH}/public/answers/{line.key}"
        page = public_cases.answer(lane.birch, line.key)
        assert (page.text, page.language) == (line.text, language)
        assert (page.account, page.case_title) == ("@cleo@birch.example", TITLE)


def test_an_answer_nobody_gave_has_no_page(lane):
    with pytest.raises(NotFound):
        public_cases.answer(lane.birch, "0" * 32)
