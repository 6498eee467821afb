import pytest

from federation import discovery
from federation.discovery import Account
from federation.errors import ActivityMalformed, ActorMismatch, IriInvalid
from tests.federation.wire import ASH, GROUP, wire

RIVERSIDE = Account("riverside", "a.example")
ANSWER = wire("webfinger-community")
COMMUNITY = wire("actor-community")
NODE = wire("actor-node")


def answer(**more):
    return {**ANSWER, **more}


def link(href, kind=discovery.ACTIVITY, rel="self"):
    return {"rel": rel, "type": kind, "href": href}


def test_an_account_is_answered_for_as_on_the_wire():
    made = discovery.webfinger(RIVERSIDE, actor=GROUP, page=f"{ASH}/c/riverside")

    assert made == ANSWER


def test_the_origin_is_answered_for_as_on_the_wire():
    assert discovery.webfinger_origin(ASH) == wire("webfinger-server")


def test_the_node_describes_itself_as_on_the_wire():
    made = discovery.nodeinfo(name="Riverside", version="1.0.0")

    assert made == wire("nodeinfo-2.1")
    assert discovery.nodeinfo_links(ASH) == wire("nodeinfo-links")


def test_nobody_is_counted_in_public():
    assert discovery.nodeinfo(name="", version="")["usage"] == {"users": {}}


@pytest.mark.parametrize(
    "written",
    ["acct:riverside@a.example", "@riverside@A.Example", "riverside@a.example"],
)
def test_an_account_is_written_in_three_ways(written):
    assert discovery.account(written) == RIVERSIDE


@pytest.mark.parametrize(
    "written",
    [
        *("acct:a@localh.st:1234/secret?x=1#", "a@localh.st:1234", "a@b.example/c"),
        *("a@b.example?c", "a@b.example#c", "a@127.0.0.1", "a@[::1]", "a@2130706433"),
        *(
            "a@b@c.example",
            "a",
            "@a",
            "a@",
            "@b.example",
            "a b@c.example",
            "a@b.example.",
        ),
        *("a@b.example\n", "a@exämple.org", "", "https://a.example/ap/c/riverside"),
        *("a/../b@c.example", "a" * 65 + "@b.example", "a@b.example\\@c.example"),
    ],
)
def test_what_is_no_account_is_never_asked_for(written):
    with pytest.raises(IriInvalid):
        discovery.account(written)


def test_a_domain_is_asked_at_one_address():
    assert discovery.query(RIVERSIDE) == (
        "https://a.example/.well-known/webfinger?resource=acct%3Ariverside%40a.example"
    )


def test_an_answer_names_the_actor():
    assert discovery.read_webfinger(ANSWER, RIVERSIDE) == GROUP


def test_an_answer_in_the_other_type_of_activities_counts():
    kind = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

    found = discovery.read_webfinger(answer(links=[link(GROUP, kind)]), RIVERSIDE)

    assert found == GROUP


@pytest.mark.parametrize(
    "subject", ["acct:hilltop@a.example", "acct:riverside@c.example", "", None, GROUP]
)
def test_an_answer_about_another_account_is_refused(subject):
    with pytest.raises((ActorMismatch, IriInvalid)):
        discovery.read_webfinger(answer(subject=subject), RIVERSIDE)


@pytest.mark.parametrize(
    "links",
    [
        *(None, [], "self", [7], [{"rel": "self"}]),
        [link(GROUP, "text/html")],
        [link(GROUP, "application/activity+json-not")],
        [link(GROUP, rel="http://webfinger.net/rel/profile-page")],
    ],
)
def test_an_answer_without_an_actor_is_refused(links):
    with pytest.raises(ActivityMalformed):
        discovery.read_webfinger(answer(links=links), RIVERSIDE)


@pytest.mark.parametrize(
    "href",
    ["http://a.example/1", "javascript:x", "https://127.0.0.1/", "https://a@b.c/"],
)
def test_an_actor_at_no_usable_address_is_refused(href):
    with pytest.raises(IriInvalid):
        discovery.read_webfinger(answer(links=[link(href)]), RIVERSIDE)


def test_an_account_on_the_actors_own_domain_is_confirmed():
    assert discovery.confirmed(RIVERSIDE, actor=COMMUNITY)


def test_an_account_elsewhere_needs_the_word_of_the_actors_domain():
    short = Account("riverside", "short.example")
    denied = answer(links=[link("https://a.example/ap/c/another")])

    assert not discovery.confirmed(short, actor=COMMUNITY)
    assert not discovery.confirmed(short, actor=COMMUNITY, answer=denied)
    assert discovery.confirmed(short, actor=COMMUNITY, answer=ANSWER)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("acct:Riverside@A.example", "acct:riverside@a.example"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/", "https://a.example/"),
        (GROUP, GROUP),
        ("nonsense", "nonsense"),
    ],
)
def test_what_a_stranger_asks_about_has_one_spelling(asked, found):
    assert discovery.resource(asked, origin=ASH) == found


def test_capabilities_are_read_from_the_node_and_from_what_names_it():
    can = {each["href"] for each in NODE["implements"]}

    assert discovery.capabilities(NODE) == can
    assert discovery.capabilities(COMMUNITY) == can
    assert discovery.capabilities({"id": GROUP}) == frozenset()


def test_a_node_elsewhere_says_nothing_about_what_an_actor_can_do():
    foreign = {**COMMUNITY["generator"], "id": "https://c.example/ap/node"}

    assert not discovery.capabilities(COMMUNITY | {"generator": foreign})
    assert not discovery.capabilities(COMMUNITY | {"generator": "https://a.example/n"})


@pytest.mark.parametrize(
    "implements",
    [discovery.PRIVATE, [discovery.PRIVATE], {"id": discovery.PRIVATE}, [7, None]],
)
def test_capabilities_are_read_in_any_shape(implements):
    found = discovery.capabilities({"id": GROUP, "implements": implements})

    assert found == ({discovery.PRIVATE} if implements != [7, None] else frozenset())
