"""What a channel brought, on the pages of its case: whose words, and the bytes."""

import re

import pytest
from sqlalchemy import select

from governance.intake import Machine
from node.accepting import accept
from node.models.cases import Case
from tests.support.drafts import draft, mail
from tests.web.reader import HERE

STRANGER = "zoe@mailbox.example"


@pytest.fixture
def taken(house):
    return house.taken()


def bring(house, reference, text, **given):
    """Bring words of a stranger who has the token of a case."""
    with house.node.read() as tx:
        id_ = tx.scalar(select(Case.id).where(Case.reference == reference))
    message = mail(text, sender=STRANGER)
    return accept(house.node, draft(house, message, reply_to=id_, **given))


def test_words_that_are_not_proven_to_be_the_members_say_whose_they_are(house, taken):
    guest, cleo, reference = taken
    bring(house, reference, "She is in hospital.")

    for who, at in ((guest, f"/cases/{reference}"), (cleo, f"/desk/cases/{reference}")):
        who.open(at)
        assert "She is in hospital." in who.text
        assert f"{STRANGER}, not proven to be the member" in who.text
        assert "message as it came" in who.text


def test_what_a_machine_answered_is_folded_and_said_to_be_a_machines(house, taken):
    guest, _, reference = taken
    bring(house, reference, "I am away until May.", machine=Machine.AUTO_REPLY)

    guest.open(f"/cases/{reference}")
    assert f"{STRANGER}, by a machine" in guest.text
    assert "I am away until May." in guest.text


def test_a_message_as_it_came_is_handed_over_and_never_shown(house, taken):
    guest, _, reference = taken
    bring(house, reference, "<script>alert(1)</script>")

    guest.open(f"/cases/{reference}")
    (link,) = re.findall(r'href="(/cases/[^"]+/files/[^"]+)"', guest.html)
    answer = guest.client.get(link, base_url=HERE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_triage_says_that_not_all_could_be_read(house):
    accept(house.node, draft(house, mail(" "), quiet=True))
    cleo = house.member("cleo@ash.example")

    cleo.open("/desk/triage")
    assert "Not all of it could be read." in cleo.text
