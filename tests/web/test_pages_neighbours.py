import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from ledger.entry import Role
from node import advocates, approvals, log, replies
from node.log import Saying
from node.models.actors import AdvocateActor
from node.models.cases import Case
from node.models.outbox import Outgoing
from node.models.publications import PublicAnswer, RemoteCase
from tests.support import members
from tests.support.neighbours import REPLY, TEXT, TITLE, street
from tests.web.abroad import reader

DESK = "/desk/neighbours"


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def cleo(lane):
    lane.acquaint()
    lane.publish(lane.tell())
    found = reader(lane.birch, lane.cleo.person_id)
    found.open(DESK)
    return found


def case_of(person):
    return next(link for link in person.links if re.match(rf"{DESK}/[0-9a-f-]+", link))


def test_before_anything_came_the_page_says_where_cases_come_from(lane):
    cleo = reader(lane.birch, lane.cleo.person_id)

    cleo.open(DESK)

    assert "No public case has come in yet." in cleo.text
    assert DESK in cleo.links


def test_a_public_case_of_another_community_is_listed_with_where_it_is_from(cleo):
    assert TITLE in cleo.text
    assert "Ash Moot · ash.example" in cleo.text
    assert "Open" in cleo.text


def test_it_is_answered_in_public_under_the_chosen_name(cleo):
    cleo.open(case_of(cleo))
    assert TEXT.split(".")[0] in cleo.text
    assert "under your public name @cleo@birch.example" in cleo.text

    cleo.send(cleo.path, reply=REPLY)

    assert "Your answer is on its way." in cleo.text
    assert "Cleo answered" in cleo.text
    assert "They have not said that they show it." in cleo.text


def test_the_page_shows_that_an_answer_was_let_stand(lane, cleo):
    path = case_of(cleo)
    lane.answer()
    with lane.ash.read() as tx:
        reference = tx.scalars(select(Case.reference)).one()
    [line] = replies.listed(lane.ash, reference, by=lane.ada)
    approvals.approve(lane.ash, reference, line.key, by=lane.ada)
    lane.run()

    cleo.open(path)

    assert "It stands beside the case." in cleo.text


def test_whoever_answered_saves_the_receipts_of_it(lane, cleo):
    path = case_of(cleo)
    cleo.open(path)
    assert f"{path}/bundle" not in cleo.links
    lane.answer()

    cleo.open(path)
    link = next(link for link in cleo.links if link == f"{path}/bundle")
    answer = cleo.client.get(link, base_url=cleo.here)

    assert answer.content_type == "application/zip"
    assert f"{path.rpartition('/')[2]}.zip" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as archive:
        receipts = [one for one in archive.namelist() if one.endswith(".tlog-proof")]
        assert len(receipts) == 2
        assert "cases/" in archive.read("README.txt").decode()


def test_receipts_that_are_being_sealed_are_waited_for(lane, cleo):
    path = case_of(cleo)
    lane.answer()
    with lane.birch.begin(sealed=True) as tx:
        chain_id = tx.scalars(select(RemoteCase.chain_id)).one()
        chain = log.chain(lane.birch, tx, chain_id)
        chain.say(Saying(kind="ack", role=Role.NODE))
        chain.write()

    cleo.open(f"{path}/bundle", status=202)

    assert "Being sealed" in cleo.text
    assert path in cleo.links


def test_an_answer_that_was_sent_twice_is_given_once(lane, cleo):
    cleo.open(case_of(cleo))
    path, form = cleo.path, next(one for one in cleo.forms if one.action == cleo.path)
    sent = {**form.values, "reply": REPLY}

    cleo.post(path, **sent)
    cleo.post(path, **sent)

    with lane.birch.read() as tx:
        assert tx.scalar(select(func.count()).select_from(PublicAnswer)) == 1
        creates = select(func.count()).where(Outgoing.type == "Create")
        assert tx.scalar(creates) == 1


def test_an_answer_is_taken_back_by_whoever_gave_it(lane, cleo):
    cleo.open(case_of(cleo))
    cleo.send(cleo.path, reply=REPLY)
    lane.advocate("eve")
    with lane.birch.read() as tx:
        other = tx.scalar(
            select(AdvocateActor.person_id).where(AdvocateActor.handle == "eve")
        )
    eve = reader(lane.birch, other)
    eve.open(cleo.path.partition("?")[0])
    assert "Cleo answered" in eve.text
    assert not [one for one in eve.forms if one.action.endswith("/stop")]

    [stop] = [one.action for one in cleo.forms if one.action.endswith("/stop")]
    cleo.send(stop)

    assert "It is taken back." in cleo.text
    assert "Taken back." in cleo.text
    assert REPLY not in cleo.text
    assert not [one for one in cleo.forms if one.action.endswith("/stop")]


@pytest.mark.parametrize("words", ["", "  ", "a\0b"])
def test_an_answer_without_words_is_asked_for_again(cleo, words):
    cleo.open(case_of(cleo))

    cleo.send(cleo.path, 422, reply=words)

    assert cleo.title.startswith("Error:")
    assert 'href="#reply"' in cleo.html


def test_an_answer_to_a_case_that_was_taken_back_is_kept_to_copy(lane, cleo):
    cleo.open(case_of(cleo))
    with lane.birch.begin() as tx:
        tx.execute(update(RemoteCase).values(deleted_at=lane.village.now, html=""))

    cleo.send(cleo.path, 404, reply=REPLY)

    assert REPLY in cleo.text


def test_a_strangers_case_is_shown_as_words_only(lane, cleo):
    with lane.birch.begin() as tx:
        tx.execute(
            update(RemoteCase).values(
                name="<i>T</i>", html="<p>Hi</p><script>alert(1)</script><iframe>"
            )
        )

    cleo.open(DESK)
    assert "<i>T</i>" not in cleo.html
    cleo.open(case_of(cleo))

    assert "alert(1)" not in cleo.html
    assert "<iframe" not in cleo.html
    assert "<i>T</i>" not in cleo.html
    assert "Hi" in cleo.text


def test_a_case_nobody_sent_is_not_there(cleo):
    cleo.open(f"{DESK}/00000000-0000-0000-0000-000000000000", status=404)


# The first time.


@pytest.fixture
def eve(lane):
    found = members.join(lane.birch, "eve@birch.example", "advocate")
    return reader(lane.birch, found)


def test_at_first_a_public_name_is_chosen_and_its_consequences_are_said(eve):
    eve.open(DESK)

    assert "Choose a public name" in eve.text
    assert "The address is yours for good" in eve.text
    assert "@name@birch.example" in eve.text
    eve.send(f"{DESK}/name", handle="@Eve_1", name="Eve")

    assert "This name is yours. Now you can answer." in eve.text
    assert "No public case has come in yet." in eve.text


@pytest.mark.parametrize(
    "handle",
    ["", "e", "1eve", "eve eve", "steward", "cleo", "birch", "e" * 31, "é" * 5],
)
def test_a_name_that_cannot_be_had_is_asked_for_again(eve, handle):
    eve.open(DESK)

    eve.send(f"{DESK}/name", 422, handle=handle, name="Eve")

    assert eve.title.startswith("Error:")
    assert 'href="#handle"' in eve.html
    form = next(one for one in eve.forms if one.action == f"{DESK}/name")
    assert (form.values["handle"], form.values["name"]) == (handle, "Eve")


def test_a_name_is_chosen_once_however_often_the_button_is_pressed(eve):
    eve.open(DESK)
    form = next(one for one in eve.forms if one.action == f"{DESK}/name")
    sent = {**form.values, "handle": "eve"}

    eve.post(form.action, **sent)
    eve.post(form.action, **sent)
    assert "This name is yours." in eve.text

    eve.post(form.action, 409, **{**sent, "handle": "other"})


# Later.


def test_another_name_can_be_shown(lane, cleo):
    cleo.open(f"{DESK}/name")
    assert "as Cleo, @cleo@birch.example" in cleo.text
    form = next(one for one in cleo.forms if one.action == f"{DESK}/name/shown")
    assert form.values["name"] == "Cleo"

    cleo.send(f"{DESK}/name/shown", name="Cleo B.")

    assert "The new name is shown here at once" in cleo.text
    assert "as Cleo B., @cleo@birch.example" in cleo.text
    lane.answer()
    cleo.open(DESK)
    cleo.open(case_of(cleo))
    assert "Cleo B. answered" in cleo.text


@pytest.mark.parametrize("name", ["a" * 81, "a\0b"])
def test_a_name_that_cannot_be_shown_is_asked_for_again(cleo, name):
    cleo.open(f"{DESK}/name")

    cleo.send(f"{DESK}/name/shown", 422, name=name)

    assert cleo.title.startswith("Error:")
    assert 'href="#name"' in cleo.html
    assert "as Cleo, @cleo@birch.example" in cleo.text


def test_a_public_name_is_closed_by_its_button_however_often_it_is_pressed(lane, cleo):
    lane.answer()
    cleo.open(f"{DESK}/name")
    assert "This cannot be undone" in cleo.text
    form = next(one for one in cleo.forms if one.action == f"{DESK}/name/close")

    for _ in range(2):
        cleo.post(form.action, **form.values)

    assert "Your public name is closed." in cleo.text
    assert "Choose a public name" in cleo.text
    everybody = reader(lane.birch)
    everybody.open("/ap/u/cleo", status=410)
    assert everybody.page.json["type"] == "Tombstone"
    everybody.open("/.well-known/webfinger?resource=acct:cleo@birch.example", 410)
    assert everybody.page.json["code"] == "actor.gone"


def test_nobody_is_made_to_close_a_name_from_another_page(lane, cleo):
    cleo.open(f"{DESK}/name")
    form = next(one for one in cleo.forms if one.action == f"{DESK}/name/close")

    cleo.post(form.action, 403, **{**form.values, "csrf": "x"})
    cleo.client.post(
        form.action, base_url=cleo.here, data=form.values,
        headers={"Origin": "https://cedar.example"},
    )  # fmt: skip

    assert advocates.handle_of(lane.birch, by=lane.cleo) == "cleo"


def test_who_has_no_name_is_led_to_choosing_one(eve):
    eve.open(f"{DESK}/name")

    assert "Choose a public name" in eve.text


def test_who_is_no_advocate_is_told_who_answers(lane):
    coordinator = members.join(lane.birch, "gus@birch.example", "coordinator")
    gus = reader(lane.birch, coordinator)

    gus.open(DESK, status=403)

    assert "Advocates who chose a public name answer other communities." in gus.text
    assert DESK not in gus.links


def test_a_member_is_not_let_in(lane):
    ben = reader(lane.birch, members.join(lane.birch, "ben@birch.example"))

    ben.open(DESK, status=403)
