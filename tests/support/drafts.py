"""Drafts as a channel of mail would hand them over, from whole messages."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from uuid import uuid4

from governance.intake import Channel, Draft, Identity, Machine, Source
from node import people, work
from node.accepting import accept


def mail(text, *, sender="ada@mailbox.example", to=None, **headers):
    """Return a message somebody writes, `to` one of ours if it answers that."""
    message = EmailMessage()
    message["From"] = sender
    message["Message-ID"] = make_msgid(domain="mailbox.example")
    message["Subject"] = headers.pop("subject", "My heating")
    if to is not None:
        message["In-Reply-To"] = to["Message-ID"]
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message


def draft(moot, message, *, machine=Machine.HUMAN, **given):
    """Return what a channel hands over of a message."""
    answers = tuple(str(message["In-Reply-To"] or "").split())
    given.setdefault("identity", Identity.MATCHED)
    given.setdefault("received_at", moot.node.now())
    given.setdefault("transport_id", str(uuid4()))
    return Draft(
        channel=Channel.EMAIL,
        source=Source.EMAIL,
        raw=message.as_bytes(),
        text=message.get_content(),
        language="en",
        machine=machine,
        sender=people.contact(message["From"]) if message["From"] else None,
        answers=answers,
        **given,
    )


def deliver(moot, message, **given):
    """Hand a message over, and let what follows from it be done."""
    accepted = accept(moot.node, draft(moot, message, **given))
    settle(moot)
    return accepted


def settle(moot):
    """Do what is owed by now."""
    work.sweep(moot.node)
    moot.village.pass_time(seconds=1)
    work.sweep(moot.node)


def mails(moot, who="ada@mailbox.example"):
    """Return the mails that went to somebody, the oldest first."""
    return [sent for to, sent in moot.village.mails if to == who]


def later(moot, **time):
    """Let time pass, and do what it made due."""
    moot.village.pass_time(seconds=timedelta(**time).total_seconds())
    settle(moot)
