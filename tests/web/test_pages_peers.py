import pytest
from sqlalchemy import select, update

from federation import strict
from federation.delivery import State
from governance.errors import NotYours
from node import federation_desk, follows, inbox, profile
from node.federation_desk import Treatment
from node.models.inbox import Received
from node.models.outbox import Outgoing, Target
from node.profile import Profile
from tests.support import members
from tests.support.neighbours import ASH, BIRCH, street
from tests.support.stranger import Stranger
from tests.web.abroad import reader

PEERS = "/admin/peers"


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def dov(lane):
    found = reader(lane.birch, lane.stewards["birch"].person_id)
    found.open(PEERS)
    return found


def test_a_new_node_says_what_is_not_there_yet(dov):
    assert "We follow nobody yet." in dov.text
    assert "Nobody follows us yet." in dov.text
    assert "Everything we sent has arrived or was given up." in dov.text
    assert "We have met no other server yet." in dov.text
    assert "/admin/" in dov.links


@pytest.mark.parametrize(
    "address", [f"{ASH}/ap/c/ash", "@ash@ash.example", " ash@ash.example"]
)
def test_a_community_is_followed_by_its_address(lane, dov, address):
    dov.send(f"{PEERS}/follow", account=address)
    assert "They are asked." in dov.text
    assert "@ash@ash.example" in dov.text
    assert "Asked, no answer yet" in dov.text

    lane.run()
    dov.open(PEERS)

    assert "Agreed" in dov.text
    there = reader(lane.ash, lane.stewards["ash"].person_id)
    there.open(PEERS)
    assert "@birch@birch.example" in there.text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@nobody@ash.example",
        "https://no.example/x",
        "https://[",
        "@a@b@c",
    ],
)
def test_where_nobody_is_the_address_is_asked_for_again(dov, address):
    dov.send(f"{PEERS}/follow", 422, account=address)

    assert dov.title.startswith("Error:")
    assert 'href="#account"' in dov.html
    form = next(one for one in dov.forms if one.action == f"{PEERS}/follow")
    assert form.values["account"] == address


def test_following_can_be_stopped(lane, dov):
    lane.acquaint()
    dov.open(PEERS)

    dov.send(f"{PEERS}/unfollow")

    assert "Our community follows them no longer." in dov.text
    assert "We follow nobody yet." in dov.text
    lane.run()
    there = reader(lane.ash, lane.stewards["ash"].person_id)
    there.open(PEERS)
    assert "Nobody follows us yet." in there.text


def test_what_does_not_arrive_is_shown_with_its_age_and_answer(lane, dov):
    dov.send(f"{PEERS}/follow", account="@ash@ash.example")
    lane.village.roads.away.add(ASH)
    lane.run()

    dov.open(PEERS)

    assert "ash.example 1 0" in dov.text
    assert "it does not answer" in dov.text


@pytest.fixture
def refused(lane, dov):
    """Ash refused to be asked, in a way that somebody has to look at."""
    dov.send(f"{PEERS}/follow", account="@ash@ash.example")
    with lane.birch.begin() as tx:
        tx.execute(update(Target).values(state=State.PARKED, answer="409"))
    dov.open(f"{PEERS}/ash.example")
    return dov


def test_what_was_set_aside_is_shown_and_tried_again(lane, refused):
    assert "What was set aside" in refused.text
    assert "409" in refused.text

    refused.send(f"{PEERS}/ash.example/retry")

    assert "It is sent once more." in refused.text
    assert "What was set aside" not in refused.text
    lane.run()
    assert "Agreed" in refused.open(PEERS)


def test_what_was_set_aside_is_given_up(lane, refused):
    refused.send(f"{PEERS}/ash.example/give-up")

    assert "It is not sent any more." in refused.text
    lane.run()
    assert "Everything we sent has arrived or was given up." in refused.open(PEERS)


def test_who_decides_a_second_time_is_told_that_it_is_over(lane, refused):
    with lane.birch.begin() as tx:
        tx.execute(update(Target).values(state=State.DONE))

    refused.send(f"{PEERS}/ash.example/retry")

    assert "It was not set aside any more." in refused.text


@pytest.mark.parametrize("path", ["retry", "give-up"])
@pytest.mark.parametrize("typed", [{"n": "x"}, {"n": ""}, {"inbox": ""}])
def test_a_decision_about_nothing_is_refused(refused, path, typed):
    refused.send(f"{PEERS}/ash.example/{path}", 422, **typed)


def test_a_server_is_blocked_with_a_reason_and_a_day_to_look_again(lane, dov):
    lane.acquaint()
    dov.open(PEERS)
    dov.open(f"{PEERS}/ash.example")
    assert "Like any other" in dov.text

    dov.send(f"{PEERS}/ash.example", mode="blocked", why="It sends lies.", days="90")

    assert "It is treated like this from now on." in dov.text
    assert "Looked at again on" in dov.text
    dov.open(PEERS)
    assert "Blocked It sends lies." in dov.text
    dov.open(f"{PEERS}/ash.example")
    dov.send(f"{PEERS}/ash.example", mode="open", why="")
    assert "Looked at again" not in dov.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"mode": "blocked", "why": " "}, "why"),
        ({"mode": "limited", "why": ""}, "why"),
        ({"mode": "blocked", "why": "w" * 301}, "why"),
        ({"mode": "friendly", "why": "Why not"}, "mode"),
        ({"mode": "blocked", "why": "Yes", "days": "9999"}, "days"),
    ],
)
def test_a_decision_without_what_it_needs_is_asked_for_again(dov, typed, field):
    dov.open(f"{PEERS}/cedar.example")

    dov.send(f"{PEERS}/cedar.example", 422, **typed)

    assert dov.title.startswith("Error:")
    assert f'href="#{field}"' in dov.html
    dov.open(PEERS)
    assert "cedar.example" not in dov.text


@pytest.mark.parametrize(
    "typed",
    ["cedar.example", "+Cedar.Example+", "https://cedar.example/x", "@a@cedar.example"],
)
def test_a_server_we_never_met_can_be_looked_up_and_blocked(dov, typed):
    dov.open(f"{PEERS}/find?host={typed}")

    assert dov.path == f"{PEERS}/cedar.example"
    assert "We have never met it." in dov.text


@pytest.mark.parametrize("typed", ["", "birch.example", "a+b", "///", "[::"])
def test_what_is_no_other_server_is_not_looked_up(dov, typed):
    dov.open(f"{PEERS}/find?host={typed}", status=422)

    assert 'href="#host"' in dov.html


def test_only_stewards_come_here(lane):
    for roles in ((), ("advocate",), ("coordinator",)):
        mail = f"{''.join(roles) or 'member'}@birch.example"
        person = members.join(lane.birch, mail, *roles)
        somebody = reader(lane.birch, person)
        somebody.open(PEERS, status=403)
        somebody.open(f"{PEERS}/ash.example", status=403)
        assert PEERS not in somebody.links


def test_the_words_of_a_stranger_are_shown_and_do_nothing(lane, dov):
    lane.acquaint()
    how = Treatment(federation_desk.MODES[1], "<b>Why</b>", 30)
    federation_desk.treat(lane.birch, "ash.example", how, by=lane.stewards["birch"])

    dov.open(PEERS)

    assert "<b>Why</b>" not in dov.html
    assert "<b>Why</b>" not in dov.open(f"{PEERS}/ash.example")


def test_the_own_server_is_nobody_to_block(dov):
    dov.open(f"{PEERS}/birch.example", status=404)


@pytest.mark.parametrize("verdict", ["again", "drop"])
def test_what_nothing_could_act_on_is_decided_on_here(lane, dov, verdict):
    eve = Stranger(lane.village, lane.birch)
    follow = eve.act("Follow")
    eve.send(follow)
    inbox.park(lane.birch, follow["id"], "RuntimeError")
    dov.open(PEERS)
    assert "What we could not act on" in dov.text
    assert "RuntimeError" in dov.text

    dov.send(f"{PEERS}/parked", activity=follow["id"], verdict=verdict)

    assert "What you chose is being done." in dov.text
    assert "What we could not act on" not in dov.text
    with lane.birch.read() as tx:
        state = tx.get_one(Received, follow["id"]).state
    assert state == {"again": "stored", "drop": "dropped"}[verdict]


# What other servers show of us.


def test_a_new_name_is_seen_here_and_by_who_follows_us(lane, dov):
    there = lane.stewards["ash"]
    follows.follow(lane.ash, f"{BIRCH}/ap/c/birch", by=there)
    lane.run()
    form = next(one for one in dov.forms if one.action == f"{PEERS}/profile")
    assert form.values["name"] == "Birch Moot"

    for _ in range(2):
        dov.open(PEERS)
        dov.send(f"{PEERS}/profile", name="Birch and Elm", place="Library, Mondays")
        lane.run()

    assert "Everybody sees it here at once" in dov.text
    steward = reader(lane.ash, there.person_id)
    steward.open(PEERS)
    assert "Birch and Elm" in steward.text
    with lane.birch.read() as tx:
        told = tx.scalars(select(Outgoing.raw).where(Outgoing.type == "Update")).all()
    [said] = [strict.loads(raw)["object"] for raw in told]
    assert (said["name"], said["summary"]) == (
        "Birch and Elm",
        "<p>Library, Mondays</p>",
    )


def test_who_waits_is_let_in_or_refused_here(lane, dov):
    dov.send(f"{PEERS}/profile", followers="asked")
    follows.follow(lane.ash, f"{BIRCH}/ap/c/birch", by=lane.stewards["ash"])
    lane.run()
    dov.open(PEERS)
    assert "Waits for a steward" in dov.text
    ash = {"actor": f"{ASH}/ap/c/ash"}

    dov.send(f"{PEERS}/followers", **ash, verdict="accept")
    assert "They follow us, and are told." in dov.text
    assert "Follows us" in dov.text

    dov.send(f"{PEERS}/followers", **ash, verdict="refuse")
    assert "They do not follow us, and are told." in dov.text
    assert "Refused" in dov.text


@pytest.mark.parametrize("name", ["", "  ", "a" * 121, "a\0b"])
def test_a_community_without_a_usable_name_is_asked_again(dov, name):
    dov.send(f"{PEERS}/profile", 422, name=name, place="Library")

    assert dov.title.startswith("Error:")
    assert 'href="#name"' in dov.html
    dov.open(PEERS)
    form = next(one for one in dov.forms if one.action == f"{PEERS}/profile")
    assert (form.values["name"], form.values["place"]) == ("Birch Moot", "")


def test_a_mistake_in_another_form_leaves_what_they_show_of_us(dov):
    dov.send(f"{PEERS}/follow", 422, account="")

    form = next(one for one in dov.forms if one.action == f"{PEERS}/profile")
    assert form.values["name"] == "Birch Moot"


def test_only_stewards_say_what_others_show_of_us(lane):
    with pytest.raises(NotYours):
        profile.describe(lane.birch, Profile("Mine", "", "open"), by=lane.cleo)
    with pytest.raises(NotYours):
        profile.shown(lane.birch, by=lane.cleo)
