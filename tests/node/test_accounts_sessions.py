from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from governance.errors import AuthRequired, NotFound
from node import accounts
from node.models.accounts import Account, GrantRow, SignIn
from tests.support.members import Statements, enter, give, join
from tests.support.village import Village


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


def test_a_session_says_who_holds_it(ash):
    ada = join(ash)

    visitor = accounts.session(ash, enter(ash, ada).session_token)

    assert (visitor.kind, visitor.person_id, visitor.name) == ("member", ada, "Ada")
    assert (visitor.fresh, visitor.stale, visitor.channel) == (True, False, "web")


@pytest.mark.parametrize("token", ["", "planted", "é", "A" * 43, "x" * 10_000])
def test_a_token_nobody_gave_out_signs_nobody_in(ash, token):
    join(ash)

    assert accounts.session(ash, token) is None


def test_a_token_planted_before_the_sign_in_stays_worthless(ash):
    ada = join(ash)
    planted = "cGxhbnRlZC1iZWZvcmUtdGhlLXNpZ24taW4tb2YtYWRh"

    first, second = enter(ash, ada), enter(ash, ada)

    assert len({planted, first.session_token, second.session_token}) == 3
    assert accounts.session(ash, planted) is None


def test_a_stolen_table_holds_nothing_that_signs_in(ash):
    token = enter(ash, join(ash)).session_token

    with ash.read() as tx:
        row = tx.scalars(select(SignIn)).one()

    assert token.encode() not in row.id_hash
    assert accounts.session(ash, row.id_hash.hex()) is None


def test_a_session_left_alone_for_fourteen_days_is_over(village, ash):
    token = enter(ash, join(ash)).session_token

    village.pass_time(days=14)

    assert accounts.session(ash, token) is None


def test_a_session_in_use_is_over_after_ninety_days(village, ash):
    token = enter(ash, join(ash)).session_token

    for _ in range(8):
        village.pass_time(days=11)
        assert accounts.session(ash, token) is not None
    village.pass_time(days=2)

    assert accounts.session(ash, token) is None


def test_use_is_written_down_once_a_minute(village, ash):
    ada = join(ash)
    began = ash.now()
    signed_in = enter(ash, ada)

    seen = []
    for _ in range(3):
        village.pass_time(seconds=30)
        visitor = accounts.session(ash, signed_in.session_token)
        seen.append(accounts.sessions(ash, by=visitor)[0].seen_at - began)

    assert seen == [timedelta(), timedelta(minutes=1), timedelta(minutes=1)]


def test_looking_at_a_session_takes_four_questions(ash):
    token = enter(ash, join(ash, "eli@ash.example", "steward")).session_token

    with Statements(ash) as said:
        accounts.session(ash, token)

    assert len([one for one in said if one.startswith("SELECT")]) <= 4
    assert not [one for one in said if one.startswith(("UPDATE", "INSERT"))]


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(village, ash):
    token = enter(ash, join(ash)).session_token

    village.pass_time(minutes=14)
    before = accounts.session(ash, token)
    village.pass_time(minutes=1)
    after = accounts.session(ash, token)

    accounts.require_fresh(before)
    with pytest.raises(AuthRequired):
        accounts.require_fresh(after)


@pytest.mark.parametrize("role", ["steward", "coordinator"])
def test_an_office_rests_after_twelve_unused_hours_until_the_next_proof(
    village, ash, role
):
    eli = join(ash, "eli@ash.example", role, "advocate")
    token = enter(ash, eli).session_token

    village.pass_time(hours=12)
    first, second = accounts.session(ash, token), accounts.session(ash, token)
    village.pass_time(minutes=5)
    third = accounts.session(ash, token)
    again = accounts.session(ash, enter(ash, eli).session_token)

    assert {first.roles, second.roles, third.roles} == {frozenset({"advocate"})}
    assert again.roles == {role, "advocate"}
    assert [grant.role for grant in first.grants] == ["advocate"]


def test_an_office_in_use_does_not_rest(village, ash):
    token = enter(ash, join(ash, "eli@ash.example", "steward")).session_token

    for _ in range(5):
        village.pass_time(hours=11)
        visitor = accounts.session(ash, token)

    assert visitor.roles == {"steward"}


def test_a_grant_that_ended_gives_nothing_at_the_next_click(village, ash):
    cleo = join(ash)
    give(ash, cleo, "advocate", hours=1)
    token = enter(ash, cleo).session_token

    village.pass_time(minutes=59)
    before = accounts.session(ash, token).roles
    village.pass_time(minutes=1)
    after = accounts.session(ash, token)

    assert (before, after.roles, after.grants) == ({"advocate"}, frozenset(), ())


def test_a_grant_names_its_topics_and_areas(ash):
    cleo = join(ash)
    give(ash, cleo, "advocate")
    with ash.begin() as tx:
        tx.execute(update(GrantRow).values(topics="housing debt", clearance="health"))

    (grant,) = enter(ash, cleo).visitor.grants

    assert (grant.topics, grant.areas) == ({"housing", "debt"}, "all")
    assert grant.clearance == {"health"}


def test_a_role_change_asks_for_a_new_token_and_ends_the_old_one(ash):
    cleo = join(ash)
    old = enter(ash, cleo).session_token
    give(ash, cleo, "advocate")

    stale = accounts.session(ash, old).stale
    new = accounts.renew(ash, old)

    assert stale
    assert accounts.session(ash, old) is None
    assert accounts.renew(ash, old) is None
    renewed = accounts.session(ash, new.session_token)
    assert (renewed.roles, renewed.stale) == ({"advocate"}, False)


def test_of_two_requests_that_renew_at_once_one_does(ash):
    token = enter(ash, join(ash)).session_token

    with ThreadPoolExecutor(4) as both:
        renewed = list(both.map(lambda _: accounts.renew(ash, token), range(4)))

    assert len([one for one in renewed if one]) == 1


def test_a_renewed_session_lives_no_longer_and_is_no_fresher(village, ash):
    signed_in = enter(ash, join(ash))
    village.pass_time(minutes=20)

    new = accounts.renew(ash, signed_in.session_token)

    assert not new.visitor.fresh
    village.pass_time(days=13)
    assert accounts.session(ash, new.session_token) is not None
    for _ in range(7):
        village.pass_time(days=11)
        accounts.session(ash, new.session_token)
    assert accounts.session(ash, new.session_token) is None


def test_whoever_signs_out_is_out(ash):
    signed_in = enter(ash, join(ash))

    accounts.sign_out(ash, by=signed_in.visitor)
    accounts.sign_out(ash, by=signed_in.visitor)
    accounts.sign_out(ash, by=accounts.GUEST)

    assert accounts.session(ash, signed_in.session_token) is None


def test_a_lost_device_is_ended_from_another(ash):
    ada = join(ash)
    phone, laptop = enter(ash, ada, "Phone"), enter(ash, ada, "Laptop")

    listed = accounts.sessions(ash, by=laptop.visitor)
    lost = next(line for line in listed if not line.here)
    accounts.revoke(ash, lost.ref, by=laptop.visitor)

    assert lost.label == "Phone"
    assert accounts.session(ash, phone.session_token) is None
    assert accounts.session(ash, laptop.session_token) is not None
    assert [line.here for line in accounts.sessions(ash, by=laptop.visitor)] == [True]


def test_nobody_sees_or_ends_the_session_of_another(ash):
    ada, ben = enter(ash, join(ash)), enter(ash, join(ash, "ben@ash.example"))
    (hers,) = accounts.sessions(ash, by=ada.visitor)

    with pytest.raises(NotFound) as theirs:
        accounts.revoke(ash, hers.ref, by=ben.visitor)
    with pytest.raises(NotFound) as nobodys:
        accounts.revoke(ash, "00" * 32, by=ben.visitor)

    assert theirs.value.reason == nobodys.value.reason
    assert accounts.session(ash, ada.session_token) is not None


def test_a_guest_has_no_sessions_to_look_at(ash):
    with pytest.raises(AuthRequired):
        accounts.sessions(ash, by=accounts.GUEST)


def test_all_sessions_of_an_account_end_at_once(ash):
    ada = join(ash)
    both = [enter(ash, ada), enter(ash, ada)]

    with ash.begin() as tx:
        accounts.end_all(tx, both[0].visitor.account_id, at=ash.now())

    assert [accounts.session(ash, one.session_token) for one in both] == [None, None]


def test_a_closed_account_signs_nobody_in(ash):
    signed_in = enter(ash, join(ash))

    with ash.begin() as tx:
        tx.execute(update(Account).values(closed_at=ash.now()))

    assert accounts.session(ash, signed_in.session_token) is None
    assert accounts.renew(ash, signed_in.session_token) is None


def test_what_ended_is_forgotten_and_what_lives_stays(village, ash):
    ada = join(ash)
    old = enter(ash, ada)
    village.pass_time(days=80)
    young = enter(ash, ada)
    village.pass_time(days=10)

    accounts.forget(ash)

    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(SignIn)) == 1
    assert accounts.session(ash, old.session_token) is None
    assert accounts.session(ash, young.session_token) is not None


def test_what_was_ended_by_hand_or_left_alone_is_forgotten_too(village, ash):
    ada = join(ash)
    left_alone = enter(ash, ada)
    village.pass_time(days=14)
    accounts.sign_out(ash, by=enter(ash, ada).visitor)

    accounts.forget(ash)

    assert accounts.session(ash, left_alone.session_token) is None
    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(SignIn)) == 0


def test_a_token_is_not_in_what_a_log_or_trace_would_print(ash):
    signed_in = enter(ash, join(ash))

    assert signed_in.session_token not in repr(signed_in)
    assert "Ada" not in repr(signed_in)


def test_somebody_gets_one_account_however_often_it_is_opened(ash):
    ada = join(ash)

    with ash.begin() as tx:
        again = accounts.open_account(ash, tx, ada)

    assert enter(ash, ada).visitor.account_id == again.id
