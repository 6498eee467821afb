import pytest

from governance.assignments import Method
from governance.errors import ChoiceInvalid, Denied, NotFound
from node import teams
from node.ids import new_id
from node.teams import Described, Place

HOMES = Described("Homes", Method.ROUND_ROBIN, topics=("housing",))


def show(moot, id_):
    return teams.show(moot.node, id_, by=moot["iris"])


def test_whoever_makes_a_team_coordinates_it_and_it_lacks_a_deputy(moot):
    id_ = teams.create(moot.node, HOMES, by=moot["iris"])

    shown = show(moot, id_)

    assert (shown.name, shown.method, shown.topics) == (
        "Homes",
        Method.ROUND_ROBIN,
        ("housing",),
    )
    assert [(mate.name, mate.place) for mate in shown.mates] == [
        ("Iris", Place.COORDINATOR)
    ]
    assert shown.lacks == (Place.DEPUTY,)
    assert shown.areas == ()


def test_people_come_into_a_team_change_their_part_and_leave(moot):
    id_ = teams.create(moot.node, HOMES, by=moot["iris"])
    cleo = moot.ids["cleo"]

    teams.place(moot.node, id_, cleo, Place.MEMBER, by=moot["iris"])
    teams.place(moot.node, id_, cleo, Place.DEPUTY, by=moot["iris"])
    placed = show(moot, id_)
    teams.place(moot.node, id_, cleo, None, by=moot["iris"])

    assert placed.lacks == ()
    assert [mate.id for mate in show(moot, id_).mates] == [moot.ids["iris"]]


@pytest.mark.parametrize("who", ["ada", "cleo", "dov", "finn"])
def test_teams_are_for_those_who_share_out_cases(moot, who):
    id_ = teams.create(moot.node, HOMES, by=moot["iris"])
    acts = [
        lambda by: teams.every(moot.node, by=by),
        lambda by: teams.show(moot.node, id_, by=by),
        lambda by: teams.staff(moot.node, by=by),
        lambda by: teams.create(moot.node, Described("Other"), by=by),
        lambda by: teams.edit(moot.node, id_, Described("Other"), by=by),
        lambda by: teams.place(moot.node, id_, by.person_id, None, by=by),
        lambda by: teams.close(moot.node, id_, by=by),
    ]

    for act in acts:
        with pytest.raises(Denied):
            act(moot[who])

    assert [team.name for team in teams.every(moot.node, by=moot["iris"])] == ["Homes"]


@pytest.mark.parametrize(
    "wrong",
    [
        Described(" "),
        Described("x" * 81),
        Described("Homes"),
        Described("Other", Method.SUBSTITUTE),
        Described("Other", topics=("weather",)),
        Described("Other", areas=("nowhere",)),
    ],
)
def test_what_is_wrong_with_a_team_is_refused(moot, wrong):
    teams.create(moot.node, HOMES, by=moot["iris"])

    with pytest.raises(ChoiceInvalid):
        teams.create(moot.node, wrong, by=moot["iris"])

    assert len(teams.every(moot.node, by=moot["iris"])) == 1


def test_a_team_keeps_its_own_name_when_it_is_changed(moot):
    id_ = teams.create(moot.node, HOMES, by=moot["iris"])

    teams.edit(moot.node, id_, Described("Homes", areas=("north",)), by=moot["iris"])

    shown = show(moot, id_)
    assert (shown.method, shown.topics, shown.areas) == (
        Method.TAKE_NEXT,
        (),
        ("north",),
    )


def test_who_does_not_belong_here_and_what_is_no_team_are_refused(moot):
    id_ = teams.create(moot.node, HOMES, by=moot["iris"])
    stranger = new_id(moot.node)

    with pytest.raises(ChoiceInvalid):
        teams.place(moot.node, id_, stranger, Place.MEMBER, by=moot["iris"])
    with pytest.raises(NotFound):
        teams.show(moot.node, stranger, by=moot["iris"])


def test_those_who_hold_a_role_can_be_put_into_a_team(moot):
    names = {one.name for one in teams.staff(moot.node, by=moot["iris"])}

    assert {"Cleo", "Eve", "Gus", "Iris", "Olga"} <= names
    assert not {"Ada", "Ben"} & names


def test_topic_and_place_lead_to_a_team_where_they_lead_to_one_alone(moot):
    iris = moot["iris"]
    north = teams.create(
        moot.node, Described("North", topics=("housing",), areas=("north",)), by=iris
    )
    debts = teams.create(moot.node, Described("Debts", topics=("debt",)), by=iris)
    teams.create(moot.node, Described("More debts", topics=("debt",)), by=iris)
    with moot.node.read() as tx:
        known = teams.open_ones(tx)

    assert teams.fitting(known, "housing", "north") == north
    assert teams.fitting(known, "housing", None) is None
    assert teams.fitting(known, "debt", None) is None
    teams.close(moot.node, debts, by=iris)
    with moot.node.read() as tx:
        assert teams.fitting(teams.open_ones(tx), "debt", None) is not None
