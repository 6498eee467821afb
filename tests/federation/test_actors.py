from dataclasses import replace

from federation import actors, keys, profiles
from federation.actors import Advocate, Community, Node
from tests.federation.wire import ASH, BIRCH, GROUP, keys_of, wire

NODE, COMMUNITY, ADVOCATE = (
    wire(f"actor-{kind}") for kind in ("node", "community", "advocate")
)
RIVERSIDE = Community("riverside", "Riverside", "Cases and advocates of Riverside.")
ADA = Advocate("ada", "Ada", (f"{BIRCH}/ap/c/hilltop",))


def served(example):
    """Give an example as far as it is built: what is not there is not promised."""
    here = {
        key: it
        for key, it in example.items()
        if key not in {"fm:checkpoints", "fm:agreements"}
    }
    ready = [it for it in NODE["implements"] if "rfc9421" in it["href"]]
    home = example["id"].partition("/ap/")[0]
    if "implements" in here:
        here["implements"] = ready
    else:
        here["generator"] = here["generator"] | {"implements": ready}
    return here | {"url": f"{home}/"}


def test_the_node_is_served_as_on_the_wire():
    made = actors.node(ASH, keys_of(NODE), Node(tuple(NODE["fm:verifierKey"])))

    assert made == served(NODE)


def test_a_community_is_served_as_on_the_wire():
    assert actors.community(ASH, keys_of(COMMUNITY), RIVERSIDE) == served(COMMUNITY)


def test_an_advocate_is_served_as_on_the_wire():
    assert actors.advocate(BIRCH, keys_of(ADVOCATE), ADA) == served(ADVOCATE)


def test_our_keys_are_taken_by_our_own_readers():
    [main, proof] = sorted(keys.of_actor(COMMUNITY).values(), key=lambda it: it.kind)[
        ::-1
    ]

    assert main.id == f"{GROUP}#main-key"
    assert proof.id == f"{GROUP}#ed25519-key"


def test_a_replaced_proof_key_stays_listed_behind_the_new_one():
    before = keys_of(COMMUNITY)
    rotated = replace(
        before,
        ed25519=keys_of(NODE).ed25519,
        proof_key="ed25519-key-2",
        main_key="main-key-2",
        older={"ed25519-key": before.ed25519},
    )

    made = actors.community(ASH, rotated, RIVERSIDE)

    assert [each["id"] for each in made["assertionMethod"]] == [
        f"{GROUP}#ed25519-key-2",
        f"{GROUP}#ed25519-key",
    ]
    assert made["assertionMethod"][1] == COMMUNITY["assertionMethod"][0]
    assert made["publicKey"]["id"] == f"{GROUP}#main-key-2"


def test_only_a_community_lists_a_seal_key():
    assert "keyAgreement" not in NODE
    assert "keyAgreement" not in actors.advocate(BIRCH, keys_of(ADVOCATE), ADA)


def test_an_actor_that_moved_says_where_to():
    moved = replace(ADA, moved_to="https://d.example/ap/u/ada")

    made = actors.advocate(BIRCH, keys_of(ADVOCATE), moved)

    assert made["movedTo"] == "https://d.example/ap/u/ada"
    assert profiles.read(made).moved_to == "https://d.example/ap/u/ada"


def test_a_summary_is_text_and_not_markup():
    made = actors.community(ASH, keys_of(COMMUNITY), replace(RIVERSIDE, summary="<b>"))

    assert made["summary"] == "<p>&lt;b&gt;</p>"
