"""J3: one message, two matters; what is said to be solved is not, and then it is."""

import re
from datetime import timedelta

import pytest

from governance.assignments import Method
from node import log, teams
from node.cases import folding
from node.teams import Described, Place
from tests.journeys.test_j2_my_claim_on_a_phone import TRIAGED, sign_in
from tests.journeys.tongues import mirrored, reader_of
from tests.node.test_assignments_automatic import knows

HEATING = "The heating has been off for three weeks."
LAMP = "And the lamp in our street is broken."
STORY = f"{HEATING}\r\n{LAMP}"
REFERENCE = re.compile(r"AM-[0-9A-Z]{7}")


@pytest.fixture(params=["guest", "member"])
def phone(request, moot):
    """The telephone of somebody who may have an account here, or not."""
    reader = reader_of(moot, mirrored=mirrored(moot, member=request.param == "member"))
    if request.param == "member":
        sign_in(moot, reader, "ada")
    return reader


def desk(moot, phone, who):
    return sign_in(moot, phone.another(), who)


def tell(phone):
    phone.open("/tell/1")
    phone.send("/tell/1", text=STORY)
    phone.send("/tell/2", area="north")
    if phone.path == "/tell/3":
        phone.send("/tell/3", reach="words")
    phone.send("/tell/4", audience="assigned")
    phone.send("/tell/5")
    return REFERENCE.search(phone.text)[0]


def split_at_triage(iris, first):
    """Read it blind, make two cases of it, and put both into the queue."""
    iris.open("/desk/triage")
    assert "You see no name and no address here" in iris.text
    assert "Ada" not in iris.text
    iris.send("/desk/triage/split", piece=LAMP)
    second = next(it for it in REFERENCE.findall(iris.text) if it != first)
    iris.send("/desk/triage", **TRIAGED)
    assert LAMP in iris.text
    assert HEATING not in iris.text
    iris.send("/desk/triage", **{**TRIAGED, "topic": "transport"})
    assert "Nothing is waiting to be read." in iris.text
    return second


def wait_for_an_offer(moot):
    moot.village.pass_time(minutes=1)
    moot.village.work(moot.node)


def cannot_close(reader, reference):
    """Try every way to an end that this page or its address could have."""
    case = f"/desk/cases/{reference}"
    reader.open(case)
    ends = {f"/cases/{reference}/answer", f"{case}/do/refuse", f"{case}/do/lapse"}
    assert not ends & {form.action for form in reader.forms}
    form = next(it for it in reader.forms if it.action.startswith(case))
    guards = {name: form.values[name] for name in ("form_token", "csrf")}
    sent = {"id": "00000000-0000-4000-8000-000000000001", "answer": "solved"}
    reader.post(f"/cases/{reference}/answer", 403, **sent, **guards)
    reader.open(case)


@pytest.fixture
def team(moot):
    """Two who look after homes, in turn; who has waited longest is asked first."""
    described = Described("Homes", Method.ROUND_ROBIN, topics=("housing",))
    made = teams.create(moot.node, described, by=moot["iris"])
    for who in ("cleo", "eve"):
        teams.place(moot.node, made, moot.ids[who], Place.MEMBER, by=moot["iris"])
        knows(moot, who)


def taken(moot, phone, reference):
    """Let a rule find somebody, who says yes; return them, and who it was not."""
    wait_for_an_offer(moot)
    both = {who.title(): desk(moot, phone, who) for who in ("cleo", "eve")}
    offered = {who: "Offered to you" in one.open("/desk") for who, one in both.items()}
    assert sorted(offered.values()) == [False, True]
    name, other = sorted(both, key=lambda who: not offered[who])
    both[name].open(f"/desk/cases/{reference}")
    both[name].send(f"/desk/cases/{reference}/accept")
    phone.open(f"/cases/{reference}")
    assert f"{name} is your advocate." in phone.text
    assert "They had waited longest for a case." in phone.text
    assert "people were looked at" in phone.text
    return both[name], both[other]


def planned(moot, phone, one, reference):
    """Make a plan with a step for each of the two, and both do theirs."""
    case, work = f"/cases/{reference}", f"/desk/cases/{reference}"
    one.open(work)
    day = (moot.village.now + timedelta(days=2)).date().isoformat()
    one.send(f"{work}/plan", step="Send us a photo.", owner="member", due=day)
    one.send(f"{work}/plan", step="Ask the housing office.", owner="advocate")
    phone.open(case)
    assert "Send us a photo. you do it" in phone.text
    assert "Ask the housing office." in phone.text
    (mine,) = (it.action for it in phone.forms if it.action.endswith("/done"))
    phone.send(mine)
    assert "It is done. Your advocate sees it." in phone.text
    one.open(work)
    (theirs,) = (it.action for it in one.forms if it.action.endswith("/done"))
    one.send(theirs)
    assert not [it for it in one.forms if it.action.endswith("/done")]


def asked_outside(moot, phone, one, reference):
    """Write to the member, ask an agency, wait for it, and go on."""
    work = f"/desk/cases/{reference}"
    one.open(work)
    one.send(f"{work}/reply", reply="I have it now. I ask the housing office.")
    day = moot.village.now + timedelta(days=3)
    dates = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    whom = {"whom": "The housing office", "what": "When do you repair it?"}
    one.send(f"{work}/do/ask_other", **whom, **dates)
    phone.open(f"/cases/{reference}")
    assert "Waiting for The housing office" in phone.text
    cannot_close(one, reference)
    one.send(f"{work}/do/other_replied", answered="They came on Tuesday.")


def disputed(phone, one, reference):
    """Say that it is not solved, and ask for somebody else."""
    case = f"/cases/{reference}"
    phone.open(case)
    assert "says it is done. Only you decide if that is true." in phone.text
    phone.send(f"{case}/answer", answer="not_solved", reason="It is as cold as before.")
    assert "Said: not solved" in phone.text
    cannot_close(one, reference)
    phone.open(case)
    phone.send(f"{case}/somebody-else")
    one.open(f"/desk/cases/{reference}", status=404)


@pytest.mark.capability("1.9", "5.6", "5.44", "5.46")
@pytest.mark.usefixtures("team")
def test_from_the_inbox_to_not_solved_and_from_there_to_the_end(moot, phone):
    first = tell(phone)
    second = split_at_triage(desk(moot, phone, "iris"), first)
    case, work = f"/cases/{first}", f"/desk/cases/{first}"
    phone.open(case)
    assert f"made a case of its own of a part of this: {second}" in phone.text
    (link,) = (it for it in phone.links if it.startswith(("/c/", f"/cases/{second}")))
    phone.open(link)
    assert phone.path == f"/cases/{second}"
    assert "place " in phone.text

    one, other = taken(moot, phone, first)
    planned(moot, phone, one, first)
    asked_outside(moot, phone, one, first)
    one.send(f"{work}/resolve", resolve="The office says that it is repaired.")
    cannot_close(one, first)
    disputed(phone, one, first)

    # Whoever takes over reads what was before; the second solution is confirmed.
    wait_for_an_offer(moot)
    other.open(work)
    assert "It is as cold as before." in other.text
    assert "Ask the housing office." in other.text
    other.send(f"{work}/accept")
    other.send(f"{work}/resolve", resolve="I was there. It is warm now.")
    cannot_close(other, first)
    phone.open(case)
    phone.send(f"{case}/answer", answer="solved")
    assert "Closed: solved" in phone.text

    # The other matter was not closed with it.
    phone.open(f"/cases/{second}")
    assert "Waiting for an advocate" in phone.text
    moot.village.work(moot.node)
    assert list(folding.verify(moot.node)) == []
    assert list(log.fsck(moot.node)) == []
