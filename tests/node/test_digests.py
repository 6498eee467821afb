import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance.errors import ChoiceInvalid, LinkInvalid, NotFound
from governance.notices import FAMILIES, Family, Pace
from node import digests, notices, preferences, stopping
from node.hearing import Wishes
from node.models.notices import Notice
from node.notices import About
from tests.node.test_notices import point

ADA = "ada@ash.example"


def choose(moot, zone="Etc/UTC", quiet=(0, 0), **paces):
    found = {Family(name): pace for name, pace in paces.items()}
    preferences.save(moot.node, Wishes(zone, *quiet, found), by=moot["ada"])


def tell(moot, kind="reply", reference="AS-1234567"):
    values = {"reference": reference, "link": f"https://ash.example/c/{reference}"}
    values |= {"due": "soon", "first": "Monday", "last": "Friday"}
    address = point(moot.node, moot.ids["ada"])
    with moot.node.begin() as tx:
        return notices.queue(moot.node, tx, address, About(kind, values))


def mails(moot):
    moot.village.work(moot.node)
    return [mail for to, mail in moot.village.mails if to == ADA]


def pass_hours(moot, hours):
    moot.village.pass_time(hours=hours)
    return mails(moot)


def test_who_never_chose_is_told_at_once(moot):
    assert tell(moot)

    assert len(mails(moot)) == 1
    assert preferences.mine(moot.node, by=moot["ada"]).paces == {}


def test_a_digest_is_one_message_that_begins_with_what_waits_for_its_reader(moot):
    choose(moot, reply=Pace.DAILY, needs_you=Pace.DAILY)
    tell(moot, reference="AS-0000001")
    tell(moot, "needs-you", "AS-0000002")
    assert pass_hours(moot, 21) == []

    (mail,) = pass_hours(moot, 2)
    text = mail.get_content()
    assert text.index("Waiting for you") < text.index("AS-0000002")
    assert text.index("AS-0000002") < text.index("AS-0000001")
    assert text.count("/c/AS-0000001") == text.count("/c/AS-0000002") == 1
    assert "/me/notices" in text
    assert len(pass_hours(moot, 72)) == 1


def test_a_weekly_digest_leaves_on_monday(moot):
    choose(moot, reply=Pace.WEEKLY)
    tell(moot)
    assert pass_hours(moot, 6 * 24) == []

    assert len(pass_hours(moot, 24)) == 1


def test_what_was_never_to_be_told_is_not_even_written_down(moot):
    choose(moot, reply=Pace.NEVER)

    assert not tell(moot)
    assert pass_hours(moot, 200) == []


def test_what_waits_is_let_go_when_its_reader_wants_none_of_it_any_more(moot):
    choose(moot, reply=Pace.DAILY)
    tell(moot)
    choose(moot, reply=Pace.NEVER)

    assert pass_hours(moot, 48) == []


@pytest.mark.parametrize("kind", ["ladder.sorry", "glass.told", "breach.over"])
def test_broken_promises_breaches_and_exceptions_come_at_once_in_the_night(moot, kind):
    never = dict.fromkeys([one.value for one in Family], Pace.NEVER)
    choose(moot, quiet=(8 * 60, 20 * 60), **never)

    assert tell(moot, kind)

    assert len(mails(moot)) == 1


def test_a_message_waits_for_the_end_of_the_quiet_hours_of_its_readers_zone(moot):
    # Ten in the morning here is eleven in the evening there.
    choose(moot, zone="Pacific/Auckland", quiet=(20 * 60, 8 * 60))
    tell(moot)
    assert pass_hours(moot, 8.5) == []

    assert len(pass_hours(moot, 1)) == 1


def test_a_relay_that_comes_back_at_night_wakes_nobody(moot):
    choose(moot, quiet=(20 * 60, 8 * 60))
    tell(moot)
    moot.village.mailbox.away = True
    assert pass_hours(moot, 1) == []
    moot.village.mailbox.away = False

    assert pass_hours(moot, 10) == []
    assert len(pass_hours(moot, 12)) == 1


def test_a_digest_that_a_relay_did_not_take_comes_once_and_whole(moot):
    choose(moot, reply=Pace.DAILY)
    tell(moot, reference="AS-0000001")
    tell(moot, reference="AS-0000002")
    moot.village.mailbox.away = True
    assert pass_hours(moot, 23) == []
    moot.village.mailbox.away = False

    (mail,) = pass_hours(moot, 3)
    assert "AS-0000001" in mail.get_content()
    assert "AS-0000002" in mail.get_content()
    assert len(pass_hours(moot, 48)) == 1


def test_what_came_too_late_for_a_digest_is_in_the_next_one(moot):
    choose(moot, reply=Pace.DAILY)
    tell(moot, reference="AS-0000001")
    tell(moot, reference="AS-0000002")
    with moot.node.begin() as tx:
        late = tx.scalars(select(Notice).order_by(Notice.created_at.desc())).first()
        sealed, late.secrets, late_id = late.secrets, None, late.id
    assert len(pass_hours(moot, 23)) == 1
    with moot.node.begin() as tx:
        row = tx.get_one(Notice, late_id)
        row.secrets = sealed

    digests.send(moot.node, str(late_id))

    assert len(pass_hours(moot, 24)) == 2
    digests.send(moot.node, str(late_id))
    digests.send(moot.node, str(uuid4()))
    assert len(mails(moot)) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"zone": "Nowhere/Land"},
        {"zone": ""},
        {"quiet": (0, 1000)},
        {"quiet": (-1, 60)},
    ],
)
def test_what_cannot_hold_is_not_kept(moot, given):
    with pytest.raises(ChoiceInvalid):
        choose(moot, **given)
    assert preferences.mine(moot.node, by=moot["ada"]).zone == "Etc/UTC"


def test_only_members_choose(moot):
    with pytest.raises(NotFound):
        preferences.mine(moot.node, by=moot.guest(moot.tell()))


#: Kinds whose text names the case.
KINDS = sorted(set(FAMILIES) - {"later.gone", "peer.review"})
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_arrives_in_quiet_hours(moot, seed):
    chance = random.Random(seed)  # noqa: S311 - the same story again
    # Both changes of the clocks are in the half year that follows.
    moot.village.now = datetime(2026, chance.choice([3, 10]), 20, 12, tzinfo=UTC)
    start = chance.randrange(1440)
    quiet = (start, (start + chance.randrange(1, 960)) % 1440)
    paces = [Pace.EACH, Pace.DAILY, Pace.WEEKLY]
    choose(
        moot,
        zone=ZONES[seed],
        quiet=quiet,
        **{one.value: chance.choice(paces) for one in Family},
    )
    hours = preferences.mine(moot.node, by=moot["ada"]).hours
    told, seen = [], 0
    for number in range(25):
        reference = f"AS-{number:07}"
        assert tell(moot, chance.choice(KINDS), reference)
        told.append(reference)
        for _ in range(chance.randrange(4)):
            moot.village.pass_time(minutes=chance.randrange(1, 900))
            found = mails(moot)
            assert len(found) == seen or not hours.is_quiet(moot.node.now())
            seen = len(found)
    for _ in range(9 * 24):
        moot.village.pass_time(hours=1)
        found = mails(moot)
        assert len(found) == seen or not hours.is_quiet(moot.node.now())
        seen = len(found)

    subjects_and_words = "".join(it["Subject"] + it.get_content() for it in mails(moot))
    with moot.node.read() as tx:
        rows = tx.scalars(
            select(Notice).where(Notice.person_id == moot.ids["ada"])
        ).all()
    assert len(rows) == len(told)
    assert all(row.sent_at is not None and row.secrets is None for row in rows)
    assert [it for it in told if it not in subjects_and_words] == []
    ids = [it["Message-ID"] for it in mails(moot)]
    assert len(ids) == len(set(ids))
    assert rows[0].created_at + timedelta(days=9) < moot.node.now()


def stop_address(mail):
    """Return the address in a digest, as a mail program reads it from its head."""
    found = mail["List-Unsubscribe"]
    assert found.startswith("<https://ash.example/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1:-1] in mail.get_content()
    return found[1:-1]


def gathered(moot):
    """Return the token of a digest that Ada got."""
    choose(moot, reply=Pace.DAILY, resolved=Pace.WEEKLY, work=Pace.EACH)
    tell(moot)
    (mail,) = pass_hours(moot, 24)
    return stop_address(mail).rpartition("/")[2]


def test_a_digest_is_ended_from_the_mail_and_nothing_else_is(moot):
    token = gathered(moot)
    assert stopping.gathers(moot.node, token)

    for _ in range(2):
        stopping.stop(moot.node, token)

    assert not stopping.gathers(moot.node, token)
    assert preferences.mine(moot.node, by=moot["ada"]).paces == {
        Family.REPLY: Pace.NEVER,
        Family.RESOLVED: Pace.NEVER,
        Family.WORK: Pace.EACH,
    }
    tell(moot)
    assert len(pass_hours(moot, 200)) == 1
    tell(moot, "case.appealed")
    assert len(pass_hours(moot, 1)) == 2


def test_somebody_ends_their_own_digests_only(moot):
    token = gathered(moot)
    weekly = Wishes("Etc/UTC", 0, 0, {Family.REPLY: Pace.WEEKLY})
    preferences.save(moot.node, weekly, by=moot["ben"])

    stopping.stop(moot.node, token)

    paces = preferences.mine(moot.node, by=moot["ben"]).paces
    assert paces == {Family.REPLY: Pace.WEEKLY}


@given(junk=st.text(max_size=90), at=st.integers(0, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_an_address_that_was_touched_ends_nothing(moot, junk, at):
    of_nobody = stopping.address(moot.node, uuid4()).rpartition("/")[2]
    of_ada = stopping.address(moot.node, moot.ids["ada"]).rpartition("/")[2]
    touched = of_ada[:at] + junk
    assume(touched != of_ada)

    for token in (junk, touched, of_nobody):
        with pytest.raises(LinkInvalid):
            stopping.gathers(moot.node, token)
        with pytest.raises(LinkInvalid):
            stopping.stop(moot.node, token)
