from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import delete, select

from governance.people import Contact, ContactKind
from node import jobs, notices, people, work
from node.jobs import Later
from node.models.jobs import Job
from node.models.notices import Notice
from node.models.people import ContactPoint
from node.models.vault import ContentKey
from node.notice_texts import TEXTS
from node.notices import About

MAIL = "ada.lovelace@mailbox.example"
TELLING = {"contact": MAIL, "text": "canary-words the heating", "name": "canary-name"}


def rows(node):
    with node.read() as tx:
        return tx.scalars(select(Notice).order_by(Notice.created_at)).all()


def mails_to(moot, to=MAIL):
    return [mail for address, mail in moot.village.mails if address == to]


def point(node, person_id):
    with node.read() as tx:
        found = select(ContactPoint).where(ContactPoint.person_id == person_id)
        return tx.scalars(found).one()


def tell_somebody(moot, kind="reply", **values):
    values.setdefault("reference", "AS-1234567")
    values.setdefault("link", "https://ash.example/c/x")
    about = About(kind, values)
    address = point(moot.node, moot.ids["ada"])
    with moot.node.begin() as tx:
        return notices.queue(moot.node, tx, address, about)


@pytest.fixture
def told(moot):
    moot.tell(**TELLING)
    return moot


def test_whoever_tells_something_is_written_to_once(told):
    for _ in range(3):
        work.sweep(told.node)
        told.village.pass_time(hours=1)

    (mail,) = mails_to(told)
    assert "We have it" in mail["Subject"]


def test_a_message_names_case_and_next_step_and_never_anybodys_words(told):
    work.sweep(told.node)

    (mail,) = mails_to(told)
    text = str(mail)
    assert "https://ash.example/c/" in mail.get_content()
    assert "canary" not in text
    assert "heating" not in text


def test_nobody_is_told_before_the_cause_stands_in_the_ledger(told):
    jobs_due = jobs.waiting(told.node)
    work.run(told.node)
    before = mails_to(told)
    work.sweep(told.node)

    assert (jobs_due, before) == (False, [])
    assert len(mails_to(told)) == 1


def test_a_relay_that_is_away_is_asked_again_later(told):
    told.village.mailbox.away = True
    work.sweep(told.node)
    with told.node.read() as tx:
        job = tx.scalars(select(Job).where(Job.kind == notices.JOB)).one()

    told.village.mailbox.away = False
    told.village.pass_time(minutes=1)
    work.sweep(told.node)

    assert (job.last_error, job.done_at) == ("mail.refused", None)
    assert len(mails_to(told)) == 1


class Killed(BaseException):
    """The process ends here."""


def test_one_that_was_killed_before_the_mark_sends_the_same_message_again(
    told, monkeypatch
):
    send = told.village.mailbox.send

    def die_after(to, message):
        send(to, message)
        raise Killed

    monkeypatch.setattr(told.village.mailbox, "send", die_after)
    with pytest.raises(Killed):
        work.sweep(told.node)
    monkeypatch.undo()
    told.village.pass_time(minutes=1)
    work.sweep(told.node)

    first, second = mails_to(told)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def test_once_it_left_what_it_needed_is_gone(told):
    before = rows(told.node)[-1]
    work.sweep(told.node)
    after = rows(told.node)[-1]

    assert (before.secrets is None, before.sent_at) == (False, None)
    assert (after.secrets, after.sent_at) == (None, told.node.now())


def test_what_it_needs_is_sealed_until_then(moot):
    tell_somebody(moot, link="https://ash.example/c/canary-token")

    (row,) = [one for one in rows(moot.node) if one.secrets]
    assert b"canary" not in row.secrets


def test_an_erased_person_is_written_to_no_more(told):
    person = rows(told.node)[-1].person_id
    with told.node.begin() as tx:
        tx.execute(delete(ContentKey).where(ContentKey.owner == person))

    work.sweep(told.node)

    assert mails_to(told) == []
    assert not jobs.waiting(told.node)


def test_what_is_cancelled_is_not_sent(told):
    case_id = rows(told.node)[-1].case_id
    with told.node.begin() as tx:
        notices.cancel(tx, case_id)

    work.sweep(told.node)

    assert mails_to(told) == []


def test_a_telephone_gets_no_mail(moot):
    with moot.node.begin() as tx:
        number = Contact(ContactKind.PHONE, "+442079460412")
        phone = people.add_contact(
            moot.node, tx, moot.ids["ada"], number, verified=True
        )
        made = notices.queue(moot.node, tx, phone, About("reply", {}))

    assert made is False


def test_a_node_without_a_relay_promises_nobody_a_mail(moot):
    object.__setattr__(moot.node, "mail", None)

    moot.tell(**TELLING)
    made = tell_somebody(moot)

    assert made is False
    with pytest.raises(Later, match=r"mail\.off"):
        notices.send(moot.node, str(moot.ids["ada"]))


def test_a_notice_that_is_not_there_is_done(moot):
    notices.send(moot.node, str(moot.ids["ada"]))

    assert moot.village.mails == []


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_every_kind_of_message_has_all_it_needs(moot, kind):
    values = {
        name: f"<{name}>"
        for name in (
            "reference",
            "link",
            "code",
            "due",
            "host",
            "origin",
            "role",
            "until",
            "day",
            "team",
            "others",
            "first",
            "last",
        )
    }
    tell_somebody(moot, kind, **values)

    work.sweep(moot.node)

    (mail,) = mails_to(moot, "ada@ash.example")
    said = mail["Subject"] + mail.get_content()
    assert "%(" not in said
    assert mail["Content-Language"] == "en"


def test_the_headers_say_who_writes_and_that_nobody_answers_here(told):
    work.sweep(told.node)

    (mail,) = mails_to(told)
    assert mail["From"] == "Ash Moot <folkmoot@ash.example>"
    assert mail["To"] == MAIL
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@ash.example>")
    assert mail["Date"].datetime.timestamp() <= told.node.now().timestamp()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ash Moot", '"Ash Moot"'),
        ('Ash" <x@y>, "', '"Ash xy "'),
        ("Ash\r\nBcc: all@x", '"AshBcc allx"'),
    ],
)
def test_a_community_cannot_write_headers_by_its_name(name, shown):
    assert notices._mailbox(name, "moot@ash.example") == (  # noqa: SLF001 - decided there
        f"{shown} <moot@ash.example>"
    )


def test_a_long_link_arrives_whole(moot):
    link = "https://ash.example/c/" + "x" * 900
    tell_somebody(moot, link=link)

    work.sweep(moot.node)

    (mail,) = mails_to(moot, "ada@ash.example")
    again = message_from_bytes(mail.as_bytes(), policy=default)
    assert link in again.get_content().replace("\n", " ")
