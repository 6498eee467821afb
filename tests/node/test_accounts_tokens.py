from uuid import uuid4

import pytest
from sqlalchemy import select, update

from governance.errors import NotFound, NotYours
from node import accounts, people
from node.models.accounts import Account, ApiToken, GrantRow
from tests.support.members import enter, give, join
from tests.support.village import Village


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


@pytest.fixture
def cleo(ash):
    return join(ash, "cleo@ash.example", "advocate", "coordinator")


def token_of(node, person, role="advocate", scopes=("cases:read", "cases:write")):
    return accounts.grant_token(node, role=role, person_id=person, scopes=scopes)


def test_a_program_acts_for_a_person_in_one_role(ash, cleo):
    visitor = accounts.bearer(ash, token_of(ash, cleo))

    assert (visitor.person_id, visitor.name) == (cleo, "Cleo")
    assert (visitor.channel, visitor.session_id, visitor.fresh) == ("api", None, False)
    assert visitor.roles == {"advocate"}
    assert [grant.role for grant in visitor.grants] == ["advocate"]
    assert visitor.scopes == {"cases:read", "cases:write"}


def test_a_member_without_a_role_may_have_a_program_too(ash):
    visitor = accounts.bearer(ash, token_of(ash, join(ash), "member", ()))

    assert (visitor.kind, visitor.roles, visitor.scopes) == ("member", set(), set())


@pytest.mark.parametrize("token", ["", "é", "A" * 43])
def test_a_guessed_token_speaks_for_nobody(ash, cleo, token):
    token_of(ash, cleo)

    assert accounts.bearer(ash, token) is None


def test_a_token_lasts_an_hour(village, ash, cleo):
    token = token_of(ash, cleo)

    village.pass_time(minutes=59)
    before = accounts.bearer(ash, token)
    village.pass_time(minutes=1)

    assert before is not None
    assert accounts.bearer(ash, token) is None


def test_a_role_somebody_does_not_hold_gets_no_token(ash, cleo):
    with pytest.raises(NotYours):
        token_of(ash, cleo, "steward")


def test_a_role_that_ended_is_gone_from_its_token_at_once(ash, cleo):
    token = token_of(ash, cleo)

    with ash.begin() as tx:
        tx.execute(update(GrantRow).values(expires_at=ash.now()))

    assert accounts.bearer(ash, token).roles == set()


def test_a_token_gives_no_role_beside_its_own(ash):
    ada = join(ash)
    token = token_of(ash, ada, "member")

    give(ash, ada, "steward")

    assert accounts.bearer(ash, token).roles == set()


def test_a_guest_gets_no_token(ash):
    with ash.begin() as tx:
        guest = people.add(ash, tx, people.Newcomer("en"))

    for nobody in (guest, uuid4()):
        with pytest.raises(NotFound):
            token_of(ash, nobody, "member")


def test_a_withdrawn_token_fails_at_the_next_call(ash, cleo):
    token, other = token_of(ash, cleo), token_of(ash, cleo)

    accounts.withdraw_token(ash, token)
    accounts.withdraw_token(ash, token)

    assert accounts.bearer(ash, token) is None
    assert accounts.bearer(ash, other) is not None


def test_a_closed_account_has_no_programs(ash, cleo):
    token = token_of(ash, cleo)

    with ash.begin() as tx:
        tx.execute(update(Account).values(closed_at=ash.now()))

    assert accounts.bearer(ash, token) is None
    with pytest.raises(NotFound):
        token_of(ash, cleo)


def test_a_session_is_no_bearer_token_and_the_other_way_round(ash, cleo):
    session, token = enter(ash, cleo).session_token, token_of(ash, cleo)

    assert accounts.bearer(ash, session) is None
    assert accounts.session(ash, token) is None


def test_a_stolen_table_holds_no_token(ash, cleo):
    token = token_of(ash, cleo)

    with ash.read() as tx:
        row = tx.scalars(select(ApiToken)).one()

    assert token.encode() not in row.token_hash
    assert accounts.bearer(ash, row.token_hash.hex()) is None
