"""Whatever actors, hosts and keys are mixed, nobody touches what is another's."""

from hypothesis import given, settings
from hypothesis import strategies as st

from federation import origins
from federation.errors import Rejected
from federation.inbox import (
    Local,
    buries,
    check_sender,
    is_buried,
    is_own,
    tombstone,
)
from federation.policy import Facts, Kind, Thing, Verb, may
from tests.federation.arrivals import (
    ASH,
    BIRCH,
    CASE,
    CEDAR,
    CLEO,
    DOV,
    EVE,
    GROUP,
    arrived,
)

LOCAL = Local(ASH, GROUP)
SIGNERS = [CLEO, DOV, EVE]
#: What is known here before anything arrives, and whose it is.
KNOWN = {
    f"{BIRCH}/notes/1": CLEO,
    f"{BIRCH}/notes/2": DOV,
    f"{CEDAR}/notes/1": EVE,
    CLEO: CLEO,
    DOV: DOV,
    EVE: EVE,
    CASE: GROUP,
    GROUP: GROUP,
}
VERBS = {"Update": Verb.UPDATE, "Delete": Verb.DELETE, "Undo": Verb.UNDO}

people = st.sampled_from([*SIGNERS, GROUP])
ids = st.sampled_from([*KNOWN, f"{BIRCH}/notes/9", f"{CEDAR}/notes/9", f"{ASH}/9"])
claims = people | st.lists(people, max_size=2) | people.map(lambda it: {"id": it})
objects = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(["Note", "Person", ["Note", "Group"], "Key"])},
    optional={"attributedTo": claims, "actor": claims, "owner": claims, "to": people},
)
plain = st.fixed_dictionaries(
    {
        "id": ids | st.sampled_from([f"{BIRCH}/a/1", f"{CEDAR}/a/1"]),
        "type": st.sampled_from(
            ["Create", "Update", "Delete", "Undo", ["Update", "Person"], "Add"]
        ),
        "actor": claims,
        "object": objects | ids,
    },
    optional={"attributedTo": claims, "to": people},
)


def effects(document, signer):
    """Return the ids that a node would change for it, as `node` uses these parts."""
    checked = check_sender(arrived(document, by=signer))
    about = document["object"]
    id_ = about if isinstance(about, str) else about["id"]
    owner = KNOWN.get(id_)
    if checked.type in VERBS:
        thing = Thing(id_, owner, Kind.POST) if owner else None
        allowed = may(checked.actor, VERBS[checked.type], thing, Facts()).allowed
        return {id_} if allowed else set()
    if checked.type == "Create":
        own = is_own(about, actor=checked.actor, local=LOCAL)
        # What is here already stays whose it is.
        return {id_} if own and owner in {None, checked.actor} else set()
    return set()


@settings(max_examples=600)
@given(plain, st.sampled_from(SIGNERS))
def test_nothing_is_changed_that_the_signer_does_not_own(document, signer):
    try:
        changed = effects(document, signer)
    except Rejected:
        return

    for id_ in changed:
        assert KNOWN.get(id_, signer) == signer
        assert origins.same(id_, signer)


@settings(max_examples=300)
@given(objects, people)
def test_what_is_used_unseen_is_its_owners_on_its_owners_origin(inner, actor):
    if is_own(inner, actor=actor, local=LOCAL):
        assert origins.owner(inner) == actor
        assert origins.same(inner["id"], actor)
        assert not origins.same(inner["id"], ASH)


@settings(max_examples=300)
@given(plain, st.sampled_from(SIGNERS), ids, st.sampled_from(SIGNERS))
def test_nobody_buries_what_another_will_make(document, signer, id_, owner):
    stone = buries({**document, "actor": signer})

    if stone is not None and signer != owner:
        made = {"id": id_, "type": "Note", "attributedTo": owner}
        assert stone != tombstone(id_, owner=owner)
        assert not is_buried(
            {"type": "Create", "actor": owner, "object": made}, {stone}
        )


@settings(max_examples=300)
@given(plain, st.sampled_from(SIGNERS))
def test_what_was_undone_first_never_happens_later(made, signer):
    made = {**made, "actor": signer, "type": "Create"}
    undone = {"type": "Undo", "actor": signer, "object": made["id"]}

    stone = buries(undone)

    assert (stone is not None) is origins.same(made["id"], signer)
    if stone is not None:
        assert is_buried(made, {stone})
