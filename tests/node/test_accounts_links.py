import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, text, update

from governance.errors import ContactInvalid, LinkInvalid, SignInInvalid, Throttled
from node import accounts, people, start
from node.accounts import links
from node.models.accounts import Account, SignInLink
from node.models.notices import Notice
from node.models.people import ContactPoint
from tests.support.members import HERE, MAIL, Statements, join
from tests.support.village import Village

STRANGER = "nobody@else.example"


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return begun(village.build("https://ash.example"))


def begun(node):
    start.found(node, None)
    return node


def ask(village, node, contact=MAIL, source=HERE):
    """Ask for a link and return what the mail says: its token and its code."""
    before = len(village.mails)
    accounts.ask_link(node, contact, source=source)
    village.work(node)
    return written(village.mails[-1]) if len(village.mails) > before else None


def written(mail):
    words = said(mail)
    link = re.search(r"(https?://\S+)/sign-in/(\S+)", words)
    return link[1], link[2], re.search(r"\b(\d{6})\b", words)[1]


def said(mail):
    return mail[1].get_content()


def living(node):
    with node.read() as tx:
        return tx.scalars(select(SignInLink).order_by(SignInLink.asked_at)).all()


def test_a_link_signs_its_owner_in(village, ash):
    ada = join(ash)
    _, token, _ = ask(village, ash)

    signed_in = accounts.use_link(ash, token, label="Firefox")

    visitor = accounts.session(ash, signed_in.session_token)
    assert visitor == signed_in.visitor
    assert (visitor.person_id, visitor.fresh) == (ada, True)
    (line,) = accounts.sessions(ash, by=visitor)
    assert (line.method, line.label) == ("link", "Firefox")


def test_a_link_works_once(village, ash):
    join(ash)
    _, token, _ = ask(village, ash)
    accounts.use_link(ash, token, label="")

    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, token, label="")

    assert accounts.peek_link(ash, token) is None


def test_of_two_at_once_one_is_signed_in(village, ash):
    join(ash)
    _, token, _ = ask(village, ash)

    def use(_):
        try:
            return accounts.use_link(ash, token, label="")
        except LinkInvalid:
            return None

    with ThreadPoolExecutor(4) as both:
        signed_in = list(both.map(use, range(4)))

    assert len([one for one in signed_in if one]) == 1


def test_looking_at_a_link_as_often_as_one_likes_uses_nothing_up(village, ash):
    join(ash)
    _, token, _ = ask(village, ash)

    with Statements(ash) as asked:
        pending = [accounts.peek_link(ash, token) for _ in range(5)]

    assert not [one for one in asked if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert pending[0] == pending[4]
    assert accounts.use_link(ash, token, label="").session_token


def test_a_link_shows_only_a_masked_address(village, ash):
    join(ash)
    _, token, _ = ask(village, ash)

    pending = accounts.peek_link(ash, token)

    assert pending.contact == "a...a@a...e"
    assert pending.expires_at == ash.now() + links.LASTS


@pytest.mark.parametrize("guess", ["", "x", "é", "A" * 43])
def test_a_guessed_link_is_nothing(village, ash, guess):
    join(ash)
    ask(village, ash)

    assert accounts.peek_link(ash, guess) is None
    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, guess, label="")


def test_a_link_is_good_for_a_quarter_of_an_hour(village, ash):
    join(ash)
    _, token, code = ask(village, ash)

    village.pass_time(minutes=15)

    assert accounts.peek_link(ash, token) is None
    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, token, label="")
    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)


def test_the_host_of_a_link_is_the_one_in_the_settings(village):
    birch = begun(village.build("http://localhost:8001"))
    join(birch)

    host, _, _ = ask(village, birch)

    assert host == "http://localhost:8001"


def test_a_used_link_ends_its_sisters(village, ash):
    join(ash)
    _, first, _ = ask(village, ash)
    village.pass_time(minutes=1)
    _, second, code = ask(village, ash)

    accounts.use_link(ash, first, label="")

    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, second, label="")
    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)


@pytest.mark.parametrize(
    "change",
    [
        delete(ContactPoint),
        update(ContactPoint).values(verified_at=None),
        update(ContactPoint).values(digest=b"another address"),
        update(Account).values(closed_at=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
    ids=["removed", "in doubt", "changed", "closed"],
)
def test_a_link_dies_with_the_address_it_went_to(village, ash, change):
    join(ash)
    _, token, code = ask(village, ash)

    with ash.begin() as tx:
        tx.execute(delete(Notice))
        tx.execute(change)

    assert accounts.peek_link(ash, token) is None
    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, token, label="")
    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)


def prove(node, person, mail=MAIL):
    """Take an address from whoever has it, and prove it anew for somebody."""
    with node.begin() as tx:
        tx.execute(delete(Notice))
        tx.execute(delete(ContactPoint))
        people.add_contact(node, tx, person, people.contact(mail), verified=True)


@pytest.mark.parametrize("new_owner", ["the same", "another"])
def test_a_link_outlives_no_change_of_who_proved_the_address(village, ash, new_owner):
    ada, ben = join(ash), join(ash, "ben@ash.example")
    _, token, code = ask(village, ash)

    prove(ash, ada if new_owner == "the same" else ben)

    assert accounts.peek_link(ash, token) is None
    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, token, label="")
    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)


def test_an_unproven_address_gets_no_link(village, ash):
    join(ash, verified=False)

    assert ask(village, ash) is None


def test_a_stranger_gets_no_mail(village, ash):
    join(ash)

    assert ask(village, ash, STRANGER) is None
    assert village.mails == []


def test_asking_is_the_same_work_for_a_member_and_a_stranger(ash):
    join(ash)

    with Statements(ash) as for_a_member:
        accounts.ask_link(ash, MAIL, source=HERE)
    with Statements(ash) as for_a_stranger:
        accounts.ask_link(ash, STRANGER, source=HERE)

    assert for_a_member == for_a_stranger


def test_a_wrong_code_is_the_same_work_for_a_member_and_a_stranger(village, ash):
    join(ash)
    *_, code = ask(village, ash)
    ask(village, ash, STRANGER)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    asked, answers = [], []
    for contact in (MAIL, STRANGER):
        with Statements(ash) as statements, pytest.raises(SignInInvalid) as no:
            accounts.use_code(ash, contact, wrong, label="", source=HERE)
        asked.append(statements)
        answers.append((no.value.code, no.value.reason, no.value.values))

    assert asked[0] == asked[1]
    assert answers[0] == answers[1]


def test_a_code_for_nobody_who_asked_is_refused_like_a_wrong_one(village, ash):
    join(ash)
    join(ash, "ben@ash.example")
    *_, code = ask(village, ash)

    refusals = set()
    for contact, typed in (("ben@ash.example", code), (STRANGER, code), (MAIL, "")):
        with pytest.raises(SignInInvalid) as no:
            accounts.use_code(ash, contact, typed, label="", source=HERE)
        refusals.add(no.value.reason)

    assert len(refusals) == 1


def test_being_too_often_is_the_same_for_a_member_and_a_stranger(ash):
    join(ash)

    refusals = []
    for contact in (MAIL, STRANGER):
        for _ in range(3):
            accounts.ask_link(ash, contact, source=HERE)
        with pytest.raises(Throttled) as no:
            accounts.ask_link(ash, contact, source=HERE)
        refusals.append((no.value.reason, no.value.retry_after))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{0:.3} {1}", "{0:.3}-{1}"])
def test_a_code_signs_in_on_another_device(village, ash, spelling):
    ada = join(ash)
    *_, code = ask(village, ash)

    typed = spelling.format(code if "0" not in spelling else code[:3], code[3:])
    signed_in = accounts.use_code(ash, MAIL, typed, label="Phone", source=HERE)

    assert signed_in.visitor.person_id == ada


def test_a_code_works_once(village, ash):
    join(ash)
    _, token, code = ask(village, ash)
    accounts.use_code(ash, MAIL, code, label="", source=HERE)

    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)
    with pytest.raises(LinkInvalid):
        accounts.use_link(ash, token, label="")


def test_five_wrong_tries_use_a_code_up_but_not_its_link(village, ash):
    join(ash)
    _, token, code = ask(village, ash)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _ in range(5):
        with pytest.raises(SignInInvalid):
            accounts.use_code(ash, MAIL, wrong, label="", source=HERE)
    with pytest.raises(SignInInvalid):
        accounts.use_code(ash, MAIL, code, label="", source=HERE)

    assert accounts.use_link(ash, token, label="").session_token


def test_a_right_code_counts_at_the_fifth_try(village, ash):
    join(ash)
    *_, code = ask(village, ash)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _ in range(4):
        with pytest.raises(SignInInvalid):
            accounts.use_code(ash, MAIL, wrong, label="", source=HERE)

    assert accounts.use_code(ash, MAIL, code, label="", source=HERE).session_token


def test_one_address_block_guesses_at_twenty_accounts_an_hour(ash):
    for number in range(20):
        with pytest.raises(SignInInvalid):
            accounts.use_code(
                ash, f"m{number}@ash.example", "000000", label="",
                source=f"2001:db8:0:1{number:02x}::1",
            )  # fmt: skip

    with pytest.raises(Throttled):
        accounts.use_code(
            ash, "m20@ash.example", "000000", label="", source="2001:db8:0:1ff::9"
        )


def test_one_address_block_asks_for_twenty_links_an_hour(ash):
    for number in range(20):
        accounts.ask_link(
            ash, f"m{number}@ash.example", source=f"2001:db8:0:1{number:02x}::1"
        )

    with pytest.raises(Throttled):
        accounts.ask_link(ash, "m20@ash.example", source="2001:db8:0:1ff::9")


def test_an_address_that_is_none_is_refused_before_anything_is_kept(ash):
    with pytest.raises(ContactInvalid):
        accounts.ask_link(ash, "not an address", source=HERE)

    assert living(ash) == []


def test_a_stolen_table_holds_neither_link_nor_code(village, ash):
    join(ash)
    _, token, code = ask(village, ash)
    (row,) = living(ash)

    stolen = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for name, value in vars(row).items()
        if not name.startswith("_")
    )

    assert token.encode() not in stolen
    assert MAIL.encode() not in stolen
    with ash.read() as tx:
        assert code.encode() not in bytes(row.code_mac)
        assert tx.scalar(text("SELECT secrets FROM notice")) is None


def test_sending_a_link_twice_sends_it_once(village, ash):
    join(ash)
    ask(village, ash)
    (row,) = living(ash)

    links.send_link(ash, str(row.id))
    links.send_link(ash, "00000000-0000-4000-8000-000000000000")
    village.work(ash)

    assert len(village.mails) == 1


def test_a_link_nobody_made_in_time_is_not_made_any_more(village, ash):
    join(ash)
    accounts.ask_link(ash, MAIL, source=HERE)

    village.pass_time(minutes=15)
    village.work(ash)

    assert village.mails == []


def test_old_links_are_forgotten(village, ash):
    join(ash)
    ask(village, ash)
    village.pass_time(minutes=14)
    ask(village, ash)
    village.pass_time(minutes=1)

    accounts.forget(ash)

    assert len(living(ash)) == 1
