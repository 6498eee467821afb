"""What is told to everybody who joined is one person's, or two people's."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.errors import SecondPerson
from governance.pledges import PledgeKind, PledgeState
from node import together
from node.models.pledges import Pledge
from node.models.threads import Message
from node.threads import Words
from node.together import Joining
from tests.node.test_statements_seconded import approved


@pytest.fixture
def matter(moot):
    return moot.common()


@pytest.fixture
def joiner(moot, matter):
    made = moot.tell()
    joining = Joining(matter=matter.reference, agrees=frozenset())
    together.join(moot.node, made.reference, joining, by=moot.guest(made))
    return made


def told(moot, made):
    with moot.node.read() as tx:
        rows = select(Message).where(Message.case_id == made.case_id)
        return tx.scalars(rows).all()


def answer(moot, made):
    kind = PledgeKind.FIRST_RESPONSE
    with moot.node.read() as tx:
        mine = (Pledge.case_id == made.case_id, Pledge.kind == kind)
        return tx.scalars(select(Pledge.state).where(*mine)).one()


def test_nobody_speaks_for_the_community_to_all_of_them_alone(moot, matter, joiner):
    said = Words(uuid4(), "We ask them.", began=approved(moot))
    size = moot.size()

    with pytest.raises(SecondPerson):
        together.update(moot.node, matter.reference, said, by=moot["cleo"])

    assert told(moot, joiner) == []
    assert answer(moot, joiner) is PledgeState.RUNNING
    assert moot.size() == size


def test_what_it_began_with_is_named_in_the_entry_of_each(moot, matter, joiner):
    began = approved(moot, community=False)
    said = Words(uuid4(), "We ask them.", began=began)

    together.update(moot.node, matter.reference, said, by=moot["cleo"])

    for made in (matter, joiner):
        assert told(moot, made)[-1].text_id == began
        entry = next(one for one in reversed(moot.entries(made)) if one.kind == "reply")
        assert "template" in dict(entry.disclosed)
    assert answer(moot, joiner) is PledgeState.MET
