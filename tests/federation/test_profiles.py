import pytest

from federation import profiles
from federation.errors import ActivityMalformed, IriInvalid, NotAnActor
from tests.federation.wire import wire

NODE, COMMUNITY, ADVOCATE = (
    wire(f"actor-{kind}") for kind in ("node", "community", "advocate")
)


@pytest.mark.parametrize("document", [NODE, COMMUNITY, ADVOCATE])
def test_every_actor_of_ours_is_believed(document):
    found = profiles.read(document)

    assert (found.id, found.type) == (document["id"], document["type"])
    assert found.inbox == document["inbox"]
    assert found.shared_inbox == document["endpoints"]["sharedInbox"]
    assert found.address.startswith(document["preferredUsername"] + "@")


def test_a_handle_is_shown_with_its_host():
    found = profiles.read(ADVOCATE | {"preferredUsername": "admin"})

    assert found.address == "admin@b.example"


def test_a_handle_loses_what_does_not_show():
    found = profiles.read(ADVOCATE | {"preferredUsername": "a\u202ed\u200ba\x07 n"})

    assert found.handle == "adan"


def test_a_handle_has_a_longest_length():
    assert profiles.read(ADVOCATE | {"preferredUsername": "a" * 64}).handle == "a" * 64

    with pytest.raises(ActivityMalformed):
        profiles.read(ADVOCATE | {"preferredUsername": "a" * 65})


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Note"},
        {"type": None},
        {"inbox": None},
        {"inbox": "https://c.example/inbox"},
    ],
)
def test_what_is_no_actor_is_refused(wrong):
    with pytest.raises(NotAnActor):
        profiles.read(ADVOCATE | wrong)


@pytest.mark.parametrize("iri", [None, 7, "ada", "", "https://"])
def test_an_actor_without_an_id_is_refused(iri):
    with pytest.raises(IriInvalid):
        profiles.read(ADVOCATE | {"id": iri})


def test_addresses_on_another_origin_are_not_the_actors():
    foreign = {
        "endpoints": {"sharedInbox": "https://c.example/inbox"},
        "followers": "https://c.example/followers",
        "url": "javascript:alert(1)",
    }

    found = profiles.read(ADVOCATE | foreign)

    assert (found.shared_inbox, found.followers, found.page) == (None, None, None)


def test_an_address_longer_than_an_id_is_none():
    longest, longer = (ADVOCATE["id"].ljust(n, "a") for n in (2_048, 2_049))

    assert profiles.read(ADVOCATE | {"inbox": longest}).inbox == longest
    with pytest.raises(NotAnActor):
        profiles.read(ADVOCATE | {"inbox": longer})
    shared = profiles.read(ADVOCATE | {"endpoints": {"sharedInbox": longer}})
    assert shared.shared_inbox is None


def test_an_actor_that_is_a_bare_origin_is_one():
    bare = {"id": "https://d.example", "inbox": "https://d.example/inbox"}

    assert profiles.read(ADVOCATE | bare).address == "ada@d.example"


def test_a_strangers_summary_is_told_as_text():
    assert (
        profiles.read(ADVOCATE | {"summary": "<p>Hi<script>x</script>"}).summary == "Hi"
    )
