from federation import inbox, moves, vocabulary
from federation.inbox import Lane
from tests.federation.vectors import read
from tests.federation.wire import ASH, STREETLIGHT

AT = STREETLIGHT.published
IRI = f"{ASH}/ap/activities/1"
COMMUNITY = read("actor-community.json", "wire")
NODE = read("actor-node.json", "wire")


def test_a_changed_actor_is_told_to_everybody_and_its_followers():
    said = moves.update(COMMUNITY, iri=IRI, at=AT)

    assert (said["type"], said["actor"]) == ("Update", COMMUNITY["id"])
    assert said["cc"] == [COMMUNITY["followers"]]
    assert said["@context"] == COMMUNITY["@context"]
    assert said["object"] == {
        key: value for key, value in COMMUNITY.items() if key != "@context"
    }
    assert "@context" in COMMUNITY


def test_the_node_has_no_followers_to_tell():
    assert "cc" not in moves.update(NODE, iri=IRI, at=AT)


def test_both_are_public_and_of_the_rows_of_the_catalogue():
    changed = moves.update(COMMUNITY, iri=IRI, at=AT)
    gone = moves.gone(COMMUNITY["id"], iri=IRI, at=AT)

    places = [inbox.place(said) for said in (changed, gone)]
    assert [(at.row, at.lane) for at in places] == [
        (17, Lane.PUBLIC),
        (16, Lane.PUBLIC),
    ]


def test_our_own_reader_takes_both():
    changed = vocabulary.parse(vocabulary.dump(moves.update(COMMUNITY, iri=IRI, at=AT)))
    gone = vocabulary.parse(
        vocabulary.dump(moves.gone(COMMUNITY["id"], iri=IRI, at=AT))
    )

    assert changed.object_id == gone.object_id == COMMUNITY["id"]
