"""What the desk does to a case besides writing, through the pages."""

import re

import pytest

from tests.support import members
from tests.web.conftest import TRIAGED

DAY = {"day": "12", "month": "3", "year": "2026"}
ASKED = {"whom": "The housing office", "what": "When is it repaired?", **DAY}


@pytest.fixture
def taken(house):
    members.join(house.node, "iris@ash.example", "coordinator")
    return house.taken()


def do(reader, reference, act, status=200, **typed):
    reader.open(f"/desk/cases/{reference}")
    reader.send(f"/desk/cases/{reference}/do/{act}", status=status, **typed)


def test_a_case_waits_for_somebody_outside_and_all_see_for_whom(taken):
    guest, cleo, reference = taken

    do(cleo, reference, "ask_other", **ASKED)

    assert "It waits for them." in cleo.text
    guest.open(f"/cases/{reference}")
    assert "Waiting for The housing office until" in guest.text
    assert "12 March" in guest.text
    do(cleo, reference, "other_replied", answered="On Monday.")
    assert "It is filed." in cleo.text
    guest.open(f"/cases/{reference}")
    assert "On Monday." in guest.text
    assert "filed what they answered" in guest.text


def test_who_lets_their_day_pass_is_named_to_the_desk_and_the_member(house, taken):
    guest, cleo, reference = taken
    do(cleo, reference, "ask_other", **ASKED)
    for reader, page in ((cleo, "desk/cases"), (guest, "cases")):
        reader.open(f"/{page}/{reference}")
        assert "Put off by others" not in reader.text

    house.village.pass_time(days=11)

    for reader, page in ((cleo, "desk/cases"), (guest, "cases")):
        reader.open(f"/{page}/{reference}")
        assert "The housing office let its day pass 1 time" in reader.text


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"day": "31", "month": "2"}, "day", "Choose a day that exists"),
        ({"day": "x"}, "day", "Choose a day that exists"),
        ({"year": "0000"}, "day", "Choose a day that exists"),
        ({"day": ""}, "day", "Say when we come back to it"),
        ({"year": "2025"}, "what", "Choose a day to come"),
        ({"whom": ""}, "whom", "Say who was asked"),
        ({"what": "x" * 50_001}, "what", "This is too long"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_and_nothing_is_lost(
    taken, wrong, field, said
):
    _, cleo, reference = taken

    do(cleo, reference, "ask_other", status=422, **{**ASKED, **wrong})

    assert f'href="#{field}"' in cleo.html
    assert said in cleo.text
    assert (
        "open" in re.search(r"<details[^>]*>(?=<summary[^>]*>Ask some)", cleo.html)[0]
    )
    if "whom" not in wrong:
        assert 'value="The housing office"' in cleo.html


def test_somebody_comes_back_to_it_before_the_day(house, taken):
    _, cleo, reference = taken
    do(cleo, reference, "ask_other", **ASKED)
    iris = house.member("iris@ash.example")

    do(iris, reference, "follow_up_due")

    assert "The work goes on." in iris.text


def test_work_goes_on_without_the_members_answer_for_a_reason(taken):
    guest, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/ask", ask="Since when?")

    do(cleo, reference, "resume", status=422, resume_reason=" ")
    cleo.send(f"/desk/cases/{reference}/do/resume", resume_reason="They called me.")

    guest.open(f"/cases/{reference}")
    assert "They called me." in guest.text


def test_who_gives_a_case_back_leaves_a_note_that_the_member_never_sees(taken):
    guest, cleo, reference = taken
    note = "She is afraid of telephone calls."

    do(cleo, reference, "release", leave_reason="I am away.", leave_note=note)

    assert "Your note stays with it" in cleo.text
    cleo.open("/desk")
    cleo.send("/desk/take")
    assert note in cleo.text
    guest.open(f"/cases/{reference}")
    assert "I am away." in guest.text
    assert note not in guest.html


def test_saying_no_takes_two_people_and_the_member_reads_why(house, taken):
    guest, cleo, reference = taken
    words = {"refuse": "Please ask the city.", "outcome": "not_ours"}
    iris = house.member("iris@ash.example")

    do(iris, reference, "refuse", **words)
    assert "A second person is asked." in iris.text
    assert "I agree: say no" not in iris.text
    guest.open(f"/cases/{reference}")
    assert "Please ask the city." not in guest.text

    cleo.open(f"/desk/cases/{reference}")
    assert "Iris proposes to say no" in cleo.text
    assert "I agree: say no" not in cleo.text
    olga = other_coordinator(house)
    olga.open(f"/desk/cases/{reference}")
    olga.send(f"/desk/cases/{reference}/second", agree="yes")

    assert "The case is closed." in olga.text
    guest.open(f"/cases/{reference}")
    assert "Please ask the city." in guest.text


def other_coordinator(house):
    members.join(house.node, "olga@ash.example", "coordinator")
    return house.member("olga@ash.example")


def test_who_proposed_it_takes_it_back(house, taken):
    _, _, reference = taken
    iris = house.member("iris@ash.example")
    do(iris, reference, "refuse", refuse="Ask the city.", outcome="no_remedy")

    iris.send(f"/desk/cases/{reference}/second", agree="no")

    assert "The case goes on." in iris.text
    assert "proposes to say no" not in iris.text


def test_the_member_appeals_against_how_it_ended(taken):
    guest, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/resolve", resolve="It is repaired.")
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/answer", answer="solved")

    guest.send(f"/cases/{reference}/reopen", reason="Nobody came.", how="appeal")

    assert "The stewards know that you appealed." in guest.text
    assert "appealed against how it ended" in guest.text


def test_a_question_is_answered_at_once(house):
    guest, reference = house.told(text="When are you open?", audience="advocates")
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **{**TRIAGED, "kind": "question"})

    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/now", status=422, now=" ")
    cleo.send(f"/desk/cases/{reference}/now", now="On Mondays.")

    assert "The member is asked whether it is solved." in cleo.text
    guest.open(f"/cases/{reference}")
    assert "On Mondays." in guest.text


def test_a_claim_has_no_form_for_one_sentence(taken):
    _, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")

    assert f"/desk/cases/{reference}/now" not in cleo.html


def test_what_is_no_case_is_set_aside_and_seen_by_another(house):
    guest, reference = house.told(text="Buy cheap pills now")
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage/discard", status=422, discard="")
    cleo.send("/desk/triage/discard", discard="An advertisement.")
    assert "A second person looks at it." in cleo.text

    cleo.open("/desk/aside")
    assert "You set it aside yourself." in cleo.text
    olga = other_coordinator(house)
    olga.open("/desk/aside")
    assert "An advertisement." in olga.text
    olga.send("/desk/aside", proposal=value(olga, "proposal"))

    assert "Nothing waits for a second look." in olga.text
    guest.open(f"/cases/{reference}")
    assert "Set aside" in guest.text
    guest.send(f"/cases/{reference}/restore")
    assert "We have your case again." in guest.text


def value(reader, name):
    return re.search(rf'name="{name}" value="([^"]+)"', reader.html)[1]


def test_the_desk_brings_back_what_is_a_case_after_all(house):
    _, reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage/discard", discard="Empty.")
    cleo.open("/desk/aside")

    cleo.send(f"/desk/cases/{reference}/do/restore")

    assert "It waits for triage again." in cleo.text


@pytest.mark.parametrize("act", ["erase", "nonsense", "triage"])
def test_an_act_that_has_no_form_is_not_there(taken, act):
    _, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    token = value(cleo, "csrf")

    cleo.post(f"/desk/cases/{reference}/do/{act}", status=404, csrf=token)


def test_what_was_typed_is_kept_when_somebody_else_was_quicker(taken):
    guest, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    guest.open(f"/cases/{reference}/withdraw")
    guest.send(f"/cases/{reference}/withdraw")

    cleo.send(f"/desk/cases/{reference}/do/ask_other", status=409, **ASKED)

    assert "When is it repaired?" in cleo.html
    assert "Copy it before you go on." in cleo.text


def test_nobody_who_only_coordinates_is_offered_what_advocates_do(house, taken):
    _, _, reference = taken
    iris = house.member("iris@ash.example")

    iris.open(f"/desk/cases/{reference}")

    assert f"/desk/cases/{reference}/do/release" in iris.html
    assert f"/desk/cases/{reference}/resolve" not in iris.html


def test_both_sides_read_that_a_body_refuses_and_that_it_does_not_end_there(taken):
    guest, cleo, reference = taken
    do(cleo, reference, "ask_other", **ASKED)
    guest.open(f"/cases/{reference}")
    assert "The housing office · we wait until" in guest.text

    no = "They say it is the city's."
    do(cleo, reference, "other_replied", answered=no, reading="refused")
    guest.open(f"/cases/{reference}")
    cleo.open(f"/desk/cases/{reference}")

    assert "The housing office · they refuse" in cleo.text
    assert "tell the member which ways there are" in cleo.text
    assert "The housing office · they refuse" in guest.text
    assert "Write in your case which way you want." in guest.text


def test_each_form_says_who_will_see_its_own_words(taken):
    guest, cleo, reference = taken

    cleo.open(f"/desk/cases/{reference}")

    assert (
        "Who will see this: the reason: The member; Cleo Marsh; The coordinator."
        " What the next one must know: the desk alone" in cleo.text
    )
    assert "Who will see this: whoever is the second person, now" in cleo.text
    assert "Who will see this: you alone, if it is sealed." in cleo.text
    assert "Who will see this: coordinators who are on no side" in cleo.text
    guest.open(f"/cases/{reference}")
    assert "and a steward if you appeal. Not Cleo" in guest.text
