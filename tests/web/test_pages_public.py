import re

import pytest
from sqlalchemy import select, update

from node.models.publications import PublicReply
from tests.support import members
from tests.support.neighbours import REPLY, street
from tests.web.abroad import answered, later, made_public, reader
from tests.web.conftest import TRIAGED

HOSTILE = (
    '<p>Here <a href="javascript:alert(1)">is</a> <b onclick="x()">more</b></p>'
    '<script>alert(1)</script><img src="https://evil.example/x.png">'
)


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


def public_of(ada):
    return next(link for link in ada.links if link.startswith("/public/"))


def stop_of(ada, case):
    return next(
        form.action
        for form in ada.forms
        if re.fullmatch(rf"{case}/consents/[^/]+/stop", form.action)
    )


def choose(person, path, verdict):
    form = next(one for one in person.forms if f"{path}/replies/" in one.action)
    return person.send(form.action, verdict=verdict)


# The member's side.


def test_before_it_is_public_the_page_says_what_would_happen(lane):
    made = lane.tell()
    ada = reader(lane.ash, lane.ada.person_id)

    ada.open(f"/cases/{made.reference}")

    assert "every server that follows us" in ada.text
    assert "We cannot make sure that every copy vanishes." in ada.text
    form = next(one for one in ada.forms if one.action.endswith("/public"))
    assert form.names >= {"title", "text"}
    assert "type" not in form.values


def test_what_is_offered_to_be_public_holds_nothing_of_the_private_story(lane):
    made = lane.tell()
    ada = reader(lane.ash, lane.ada.person_id)
    ada.open(f"/cases/{made.reference}")

    form = next(one for one in ada.forms if one.action.endswith("/public"))

    assert form.values["title"] == "A question to everybody"
    assert form.values["text"] == ""
    assert "Private words" not in str(form.values)


def test_a_case_with_a_topic_begins_with_that_topic(lane):
    made = lane.tell()
    gus = at_the_desk(lane)
    gus.open("/desk/triage")
    gus.send("/desk/triage", **TRIAGED)
    ada = reader(lane.ash, lane.ada.person_id)

    ada.open(f"/cases/{made.reference}")

    form = next(one for one in ada.forms if one.action.endswith("/public"))
    assert form.values["title"] == "A question about: Housing"


def test_one_button_makes_it_public_and_shows_who_was_told(lane):
    lane.acquaint()

    ada, case = made_public(lane)

    assert "Your case is public now." in ada.text
    ada.open(case)
    assert "This case is public" in ada.text
    assert "No heating Who has been there before?" in ada.text
    assert "birch.example has it" in ada.text
    assert "Everybody: the public words only" in ada.text


def test_while_it_is_on_its_way_the_page_says_so(lane):
    lane.acquaint()
    lane.village.roads.away.add("https://birch.example")

    ada, case = made_public(lane)
    ada.open(case)

    assert "birch.example is being told" in ada.text


def test_without_followers_it_stands_on_our_own_page_only(lane):
    ada, case = made_public(lane)

    ada.open(case)

    assert "No other server follows us yet." in ada.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " ", "text": "Words"}, "Give it a title"),
        ({"title": "T" * 121, "text": "Words"}, "Use a shorter title"),
        ({"title": "Title", "text": "  "}, "Write what everybody shall read"),
        ({"title": "Title", "text": "a\0b"}, "signs in your words that are no text"),
    ],
)
def test_words_that_cannot_be_public_are_kept_in_the_form(lane, typed, said):
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)

    ada.send(f"{case}/public", status=422, **typed)

    assert ada.title.startswith("Error:")
    assert said in ada.text
    form = next(one for one in ada.forms if one.action.endswith("/public"))
    assert form.values["title"] == typed["title"]
    assert '<details class="more" open>' in ada.html


def test_pressing_the_button_twice_makes_it_public_once(lane):
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)
    form = next(one for one in ada.forms if one.action.endswith("/public"))
    sent = {**form.values, "title": "No heating", "text": "Who knows?"}

    ada.post(form.action, **sent)
    ada.post(form.action, **sent)

    assert "Your case is public now." in ada.text


def test_other_words_for_what_is_public_already_are_kept_to_copy(lane):
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)
    form = next(one for one in ada.forms if one.action.endswith("/public"))
    ada.post(form.action, **{**form.values, "title": "One", "text": "First words"})

    ada.post(
        form.action, 409, **{**form.values, "title": "Two", "text": "Second words"}
    )

    assert "This case is public already." in ada.text
    assert "Second words" in ada.text
    assert "First words" in ada.text


def test_who_has_not_shown_lately_who_they_are_is_asked_to(lane):
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)
    form = next(one for one in ada.forms if one.action.endswith("/public"))
    later(lane, minutes=20)

    ada.open(case)

    assert "To make it public, show once more that it is you." in ada.text
    assert not [one for one in ada.forms if one.action.endswith("/public")]
    ada.post(form.action, 401, **{**form.values, "title": "T", "text": "My words"})
    assert "My words" in ada.text


def test_a_receipt_alone_makes_nothing_public(lane):
    made = lane.tell()
    guest = reader(lane.ash)
    guest.open(f"/c/{made.link_token}")

    assert "We first send a code to the address you proved." in guest.text
    assert not [one for one in guest.forms if one.action.endswith("/public")]


def test_taking_it_back_shows_how_far_the_deletion_is(lane):
    lane.acquaint()
    ada, case = made_public(lane)
    ada.open(case)
    lane.village.roads.away.add("https://birch.example")

    ada.send(stop_of(ada, case))

    assert "This case was public" in ada.text
    assert "Who has been there before?" not in ada.text
    assert "birch.example is being asked to delete it" in ada.text
    lane.village.roads.away.clear()
    later(lane, hours=1)
    lane.run()
    ada.open(case)
    assert "birch.example was asked to delete it and agreed" in ada.text


def test_what_was_taken_back_can_be_made_public_again_in_new_words(lane):
    ada, case = made_public(lane)
    ada.open(case)
    before = public_of(ada)
    ada.send(stop_of(ada, case))

    ada.send(f"{case}/public", title="Once more", text="Other words.")

    assert "This case is public" in ada.text
    assert public_of(ada) != before


def test_a_case_that_was_taken_back_is_public_no_longer_and_not_offered(lane):
    ada, case = made_public(lane)
    ada.open(f"{case}/withdraw")
    assert "It is public. That ends at once as well" in ada.text

    ada.send(f"{case}/withdraw")

    assert "This case was public" in ada.text
    assert "Write a public text" not in ada.text


# Replies.


def test_an_answer_from_elsewhere_waits_for_the_members_yes(lane):
    ada, _ = answered(lane)

    assert "Somebody from elsewhere answered" in ada.text
    assert "1 answer from elsewhere waits for a yes" in ada.text
    assert "Cleo answered from birch.example" in ada.text
    assert REPLY in ada.text
    assert ada.html.count('class="next"') == 1
    everybody = reader(lane.ash)
    everybody.open(public_of(ada))
    assert REPLY not in everybody.text
    assert "Nobody has answered yet." in everybody.text


def test_what_was_let_stand_is_in_the_timeline_and_on_the_public_page(lane):
    ada, case = answered(lane)

    choose(ada, case, "approve")

    assert "The answer stands beside your case now." in ada.text
    assert "waits for a yes" not in ada.text
    timeline = ada.html.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    assert '<span class="pip link">' in timeline
    assert "answered from <bdi>birch.example</bdi>" in timeline
    assert re.search(rf"{case}/receipts/\d+", timeline)
    everybody = reader(lane.ash)
    everybody.open(public_of(ada))
    assert f"{REPLY}" in everybody.text
    assert "answered from birch.example" in everybody.text


def test_an_answer_stands_in_the_timeline_where_it_came_in(lane):
    ada, case = answered(lane)
    choose(ada, case, "approve")
    gus = at_the_desk(lane)
    gus.open("/desk/triage")
    gus.send("/desk/triage", **TRIAGED)

    ada.open(case)

    told, came, queued = (
        ada.text.index(words)
        for words in ("Private words.", "answered from", "put it in the queue")
    )
    assert told < came < queued


def test_what_was_not_let_stand_is_seen_nowhere(lane):
    ada, case = answered(lane)

    choose(ada, case, "reject")

    assert "The answer is not shown." in ada.text
    assert REPLY not in ada.text


def test_a_strangers_markup_stands_on_the_page_only_as_words(lane):
    ada, case = answered(lane)
    with lane.ash.begin() as tx:
        tx.execute(update(PublicReply).values(html=HOSTILE))

    ada.open(case)

    assert "alert(1)" not in ada.html
    assert "evil.example" not in ada.html
    assert "onclick" not in ada.html
    assert "Here is more" in ada.text


def test_another_verdict_than_yes_or_no_is_refused(lane):
    ada, case = answered(lane)
    form = next(one for one in ada.forms if f"{case}/replies/" in one.action)

    ada.post(form.action, 422, **{**form.values, "verdict": "perhaps"})


def at_the_desk(lane):
    found = members.join(lane.ash, "gus@ash.example", "advocate", "coordinator")
    return reader(lane.ash, found)


def test_whoever_answers_the_case_decides_at_the_desk(lane):
    lane.acquaint()
    ada, case = made_public(lane)
    gus = at_the_desk(lane)
    gus.open("/desk/triage")
    gus.send("/desk/triage", **TRIAGED)
    gus.open("/desk")
    gus.send("/desk/take")
    lane.run()
    lane.answer()

    gus.open(f"/desk{case}")
    assert REPLY in gus.text
    choose(gus, f"/desk{case}", "approve")

    assert "The answer stands beside the case now." in gus.text
    assert "answered from birch.example" in gus.text
    ada.open(case)
    assert REPLY in ada.text
    assert "waits for a yes" not in ada.text


def test_somebody_else_at_the_desk_reads_and_does_not_decide(lane):
    lane.acquaint()
    _, case = made_public(lane)
    gus = at_the_desk(lane)
    lane.answer()

    gus.open(f"/desk{case}")

    assert "The member and the advocate of the case decide." in gus.text
    assert not [one for one in gus.forms if "/replies/" in one.action]


def test_a_stranger_decides_nothing(lane):
    _, case = answered(lane)
    with lane.ash.read() as tx:
        key = tx.scalar(select(PublicReply.key))
    ben = reader(lane.ash, members.join(lane.ash, "ben@ash.example"))
    ben.open("/me/security")
    hidden = ben.forms[0].values

    csrf = {name: hidden[name] for name in ("csrf", "form_token")}
    ben.post(f"{case}/replies/{key}", 404, verdict="approve", **csrf)


# What everybody sees.


def test_an_empty_list_says_so_and_leads_on(lane):
    everybody = reader(lane.ash)

    everybody.open("/public")

    assert "Nothing is public at the moment." in everybody.text
    assert "/tell/1" in everybody.links
    everybody.open("/")
    assert "/public" in everybody.links


def test_the_list_leads_to_a_public_case(lane):
    made_public(lane)
    everybody = reader(lane.ash)

    everybody.open("/public")
    assert "No heating" in everybody.text
    everybody.open(public_of(everybody))

    assert "Who has been there before?" in everybody.text
    assert "Private words" not in everybody.html
    assert 'content="noarchive"' in everybody.html
    assert "https://ash.example/ap/cases/" in everybody.text
    assert everybody.page.headers["Cache-Control"] == "no-cache"


def test_public_words_are_shown_as_written_and_do_nothing(lane):
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)
    ada.send(f"{case}/public", title="<b>T</b>", text="<script>x</script>")
    ada.open(case)

    everybody = reader(lane.ash)
    everybody.open(public_of(ada))

    assert "<b>T</b>" not in everybody.html
    assert "<script>x" not in everybody.html
    assert "&lt;script&gt;x" in everybody.html


def test_what_was_taken_back_answers_that_it_is_gone(lane):
    ada, case = made_public(lane)
    ada.open(case)
    path = public_of(ada)
    ada.send(stop_of(ada, case))

    everybody = reader(lane.ash)
    everybody.open(path, status=410)

    assert "It was taken back" in everybody.text
    assert "No heating" not in everybody.html
    ada.send(f"{case}/public", title="No heating", text="Again: who has been there?")
    everybody.open(path, status=410)
    assert "No heating" not in everybody.html


def test_what_never_was_public_is_not_there(lane):
    everybody = reader(lane.ash)

    everybody.open("/public/0123456789abcdef", status=404)


def test_a_browser_at_the_address_of_a_case_is_led_to_its_page(lane):
    ada, case = made_public(lane)
    ada.open(case)
    key = public_of(ada).rpartition("/")[2]
    everybody = reader(lane.ash)
    everybody.client.environ_base["HTTP_ACCEPT"] = "text/html"

    everybody.open(f"/ap/cases/{key}")

    assert everybody.path == f"/public/{key}"


def test_a_case_that_never_was_public_asks_for_nothing_public(lane):
    made = lane.tell()
    ada = reader(lane.ash, lane.ada.person_id)

    with members.Statements(lane.ash) as said:
        ada.open(f"/cases/{made.reference}")

    assert not [one for one in said if "publication" in one or "public_reply" in one]
