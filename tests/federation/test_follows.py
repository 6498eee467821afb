import pytest

from federation import follows, vocabulary
from federation.errors import ActivityMalformed, ActorMismatch
from federation.follows import Follow
from tests.federation.wire import ASH, GROUP, STRANGER, activity

ASKED = Follow("https://c.example/follows/1", STRANGER, GROUP)
IRI = f"{ASH}/ap/activities/1"


def read(document):
    return vocabulary.parse(vocabulary.dump(document))


def test_asking_to_follow_is_read_as_it_was_meant():
    assert follows.read_follow(read(follows.follow(ASKED))) == ASKED


def test_a_follow_with_its_group_embedded_is_the_same():
    group = {"id": GROUP, "type": "Group"}
    asked = activity(id=ASKED.id, type="Follow", object=[group])

    assert follows.read_follow(read(asked)) == ASKED


@pytest.mark.parametrize("answer", [follows.accept, follows.reject])
def test_an_answer_holds_the_follow_as_four_keys_and_no_more(answer):
    made = answer(ASKED, iri=IRI)

    assert made["object"] == {
        "id": ASKED.id,
        "type": "Follow",
        "actor": STRANGER,
        "object": GROUP,
    }
    assert (made["actor"], made["to"]) == (GROUP, [STRANGER])
    assert follows.read_answer(read(made)) == ASKED.id


def test_an_answer_may_name_the_follow_by_its_id_alone():
    answered = activity(type="Accept", actor=GROUP, object=ASKED.id)

    assert follows.read_answer(read(answered)) == ASKED.id


def test_stopping_is_said_by_the_follower_alone():
    made = follows.undo(ASKED, iri=IRI)

    assert follows.read_answer(read(made)) == ASKED.id
    with pytest.raises(ActorMismatch):
        follows.read_answer(read(made | {"actor": "https://c.example/users/dov"}))


def test_a_follow_without_whom_is_refused():
    with pytest.raises(ActivityMalformed):
        follows.read_follow(read(activity(type="Follow", object=[GROUP, STRANGER])))
    with pytest.raises(ActivityMalformed):
        follows.read_follow(read(activity(type="Like", object=GROUP)))
    with pytest.raises(ActivityMalformed):
        follows.read_answer(read(activity(type="Accept", object={"type": "Follow"})))
