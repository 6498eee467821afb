import tomllib
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from governance.errors import Invalid, LinkInvalid, Refusal, WrongState
from node import accounts, start
from node.models.accounts import Account, GrantRow, SignIn
from node.models.areas import Area
from node.models.rules import Rules
from node.models.start import Community
from node.settings import Settings
from tests.support.members import HERE
from tests.support.village import Village

EXAMPLE = start.answers_example()


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    """A node that nobody has said anything about."""
    node = village.build("https://ash.example")
    start.found(node, None)
    return node


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path / "made", public_url="https://ash.example")


def answers(**changed):
    return {**tomllib.loads(EXAMPLE), **changed}


def token_of(url):
    return url.rpartition("/")[2]


def test_a_new_folder_is_for_its_owner_only(settings):
    start.init(settings, None).database.close()

    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in (
            settings.data,
            settings.keys_folder,
            *settings.keys_folder.iterdir(),
        )
    }
    assert (modes.pop("made"), modes.pop("keys")) == (0o700, 0o700)
    assert set(modes.values()) == {0o600}


def test_a_folder_that_holds_a_community_is_left_alone(settings):
    start.init(settings, tomllib.loads(EXAMPLE)).database.close()
    before = {path: path.read_bytes() for path in settings.keys_folder.iterdir()}

    with pytest.raises(WrongState):
        start.init(settings, tomllib.loads(EXAMPLE))

    assert {path: path.read_bytes() for path in before} == before


def test_the_example_is_accepted_unchanged_and_opens_the_doors(settings):
    ash = start.init(settings, tomllib.loads(EXAMPLE))

    community = start.community(ash)
    ash.database.close()

    assert (community.name, community.slug, community.prefix) == (
        "Ash Tenants", "ash", "AT"
    )  # fmt: skip
    assert (community.opened, community.members) == (True, 2)
    assert (community.zone, community.mail) == ("Europe/London", "help@ash.example")


def test_a_node_without_answers_waits_behind_its_address(ash):
    community = start.community(ash)

    assert (community.opened, community.opened_at, community.members) == (
        False, None, 0
    )  # fmt: skip


def test_the_address_opens_the_doors_and_signs_the_first_steward_in(ash):
    token = token_of(start.setup_url(ash))

    signed_in = start.open_doors(ash, token, answers())

    visitor = accounts.session(ash, signed_in.session_token)
    assert (visitor.name, visitor.roles, visitor.fresh) == ("Dov", {"steward"}, True)
    assert start.community(ash).opened_at == ash.now()


def test_the_address_names_the_host_of_the_settings(ash):
    url = start.setup_url(ash)

    assert url.startswith("https://ash.example/setup/")
    assert len(token_of(url)) == 43


def test_looking_at_the_address_uses_nothing_up(ash):
    token = token_of(start.setup_url(ash))

    assert [start.peek(ash, token) for _ in range(3)] == [True] * 3
    assert start.open_doors(ash, token, answers()).session_token


@pytest.mark.parametrize("guess", ["", "é", "A" * 43])
def test_a_guessed_address_opens_nothing(ash, guess):
    start.setup_url(ash)

    assert not start.peek(ash, guess)
    with pytest.raises(LinkInvalid):
        start.open_doors(ash, guess, answers())
    assert not start.community(ash).opened


def test_nothing_opens_a_node_whose_address_was_never_asked_for(ash):
    assert not start.peek(ash, "")
    with pytest.raises(LinkInvalid):
        start.open_doors(ash, "", answers())


def test_the_address_is_good_for_an_hour(village, ash):
    token = token_of(start.setup_url(ash))

    village.pass_time(minutes=59)
    before = start.peek(ash, token)
    village.pass_time(minutes=1)

    assert before
    assert not start.peek(ash, token)
    with pytest.raises(LinkInvalid):
        start.open_doors(ash, token, answers())


def test_a_new_address_ends_the_one_before(ash):
    old, new = (token_of(start.setup_url(ash)) for _ in range(2))

    assert not start.peek(ash, old)
    assert start.peek(ash, new)


def test_the_doors_open_once(ash):
    token = token_of(start.setup_url(ash))
    start.open_doors(ash, token, answers())

    with pytest.raises(LinkInvalid):
        start.open_doors(ash, token, answers())
    with pytest.raises(WrongState):
        start.setup_url(ash)

    assert start.community(ash).members == 2


def test_the_doors_stay_open_whatever_happens_to_the_accounts(ash):
    token = token_of(start.setup_url(ash))
    start.open_doors(ash, token, answers())

    with ash.begin() as tx:
        for gone in (SignIn, GrantRow, Account):
            tx.execute(delete(gone))

    with pytest.raises(WrongState):
        start.setup_url(ash)
    with pytest.raises(WrongState):
        start.found(ash, start.read_answers(answers()))
    with pytest.raises(WrongState):
        start.found(ash, None)
    assert not start.peek(ash, token)


def test_an_answer_that_is_refused_leaves_the_address_as_good_as_before(ash):
    token = token_of(start.setup_url(ash))

    with pytest.raises(Invalid):
        start.open_doors(ash, token, answers(steward={"name": "Dov"}))

    assert start.peek(ash, token)


def test_a_waiting_node_can_be_answered_later(ash):
    start.found(ash, start.read_answers(answers()))

    assert start.community(ash).opened


def test_the_table_does_not_hold_the_address(ash):
    token = token_of(start.setup_url(ash))

    with ash.read() as tx:
        row = tx.get_one(Community, 1)

    assert token.encode() not in row.setup_hash
    assert not start.peek(ash, row.setup_hash.hex())


def test_the_rules_the_areas_and_the_first_people_are_there(ash):
    start.found(ash, start.read_answers(answers()))

    with ash.read() as tx:
        rules = tx.scalars(select(Rules)).one()
        areas = {area.code: area.name for area in tx.scalars(select(Area))}
        grants = tx.scalars(select(GrantRow)).all()

    assert rules.version == 1
    assert '"https://ash.example/"' in rules.document
    assert areas == {"north": "North side", "south": "South side"}
    assert sorted(grant.role for grant in grants) == [
        "advocate", "coordinator", "steward"
    ]  # fmt: skip
    assert {grant.expires_at - ash.now() for grant in grants} == {timedelta(days=180)}


def test_the_first_people_can_sign_in_by_their_address(village, ash):
    start.found(ash, start.read_answers(answers()))

    accounts.ask_link(ash, "cleo@ash.example", source=HERE)
    village.work(ash)

    assert village.mails[-1][0] == "cleo@ash.example"


def test_only_the_names_and_the_steward_are_needed():
    few = {
        "community": {"name": "Ash Tenants' Circle"},
        "steward": {"name": "Dov", "mail": "Dov@ASH.example"},
    }

    read = start.read_answers(few)

    assert (read.slug, read.prefix, read.preset) == (
        "ash-tenants-circle", "AT", "cooperative"
    )  # fmt: skip
    assert (read.language, read.zone, read.areas, read.people) == (
        "en", "Etc/UTC", {}, ()
    )  # fmt: skip
    assert read.steward == start.Founder(name="Dov", mail="Dov@ash.example")


AREA, DOV = {"code": "north", "name": "North"}, {"name": "Dov", "mail": "d@ash.example"}

MISTAKES = [
    ({"comunity": {}}, "answers: nothing is called comunity. Known: community."),
    ({"community": {}}, "community.name is needed."),
    ({"community": {"name": " "}}, "community.name is needed."),
    ({"community": "Ash"}, "community: names and values belong here."),
    ({"community": {"name": 7}}, "community.name: write this as text, in quotes."),
    ({"community": {"name": "a\nb"}}, "community.name: one line"),
    ({"community": {"name": "a" * 121}}, "community.name: one line"),
    ({"community": {"name": "A", "langauge": "en"}}, "Known: language."),
    ({"community": {"name": "A", "slug": "Ash!"}}, "community.slug: small letters"),
    ({"community": {"name": "A", "prefix": "A1"}}, "community.prefix: two capital"),
    ({"community": {"name": "A", "language": "English"}}, "community.language: "),
    ({"community": {"name": "A", "zone": "Europe/Londn"}}, "Europe/London"),
    ({"community": {"name": "A", "zone": "../../etc"}}, "community.zone: no such"),
    ({"community": {"name": "A", "zone": "Europe"}}, "community.zone: no such"),
    ({"community": {"name": "A", "zone": ""}}, "community.zone: no such"),
    ({"community": {"name": "A", "preset": "kingdom"}}, "community.preset: one of"),
    ({"contact": {"mail": "nowhere"}}, "contact.mail: "),
    ({"areas": {}}, "areas: begin each one with [[areas]]."),
    ({"areas": [{"code": "north"}]}, "areas.1.name is needed."),
    ({"areas": [{"code": "a b", "name": "x"}]}, "areas.1.code: letters"),
    ({"areas": [AREA, AREA]}, "areas: every area needs a code of its own."),
    ({"steward": {"name": "Dov"}}, "steward.mail is needed."),
    ({"steward": {"name": "Dov", "mail": "dov"}}, "steward.mail: "),
    ({"people": [{**DOV, "roles": "advocate"}]}, "people.1.roles: a list"),
    ({"people": [{**DOV, "roles": ["king"]}]}, "people.1.roles: a list"),
    ({"people": [{**DOV, "roles": [["advocate"]]}]}, "people.1.roles: a list"),
    (
        {"people": [DOV, {"nmae": "x"}]},
        "people.2: nothing is called nmae. Known: name.",
    ),
]


@pytest.mark.parametrize(("changed", "sentence"), MISTAKES, ids=str)
def test_a_mistake_is_named_with_its_place(changed, sentence):
    with pytest.raises(Invalid) as no:
        start.read_answers(answers(**changed))

    assert sentence in no.value.reason


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "mail", "code", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
TABLES = st.sampled_from(["community", "contact", "areas", "steward", "people", "x"])


@given(st.dictionaries(TABLES, ANYTHING, max_size=5))
def test_whatever_is_answered_is_understood_or_refused(raw):
    with suppress(Refusal):
        read = start.read_answers(raw)
        assert read.name
        assert read.steward.mail


def test_a_preset_that_is_not_chosen_is_offered():
    for preset in ("circle", "cooperative", "advocacy-hub", "starter"):
        about = {"name": "Ash", "preset": preset}
        assert start.read_answers(answers(community=about)).preset == preset
