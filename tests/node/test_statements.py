import pytest

from governance.cases import Act, State
from node import assignments, cases, log, submissions, threads
from node.accounts import GUEST
from node.cases import triage_next
from node.ids import new_id
from node.threads import Words
from tests.support.cast import told
from tests.support.members import Statements

MAIL = "ada.lovelace@mailbox.example"
MOST_FOR_A_SUBMISSION = 29
#: What a case page shows stands in a dozen tables; the rest is who may see it.
MOST_FOR_A_CASE = 23
CONTROL = ("SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN", "SET ")


def said_by(node, do):
    """Return what the database is asked while something is done a second time."""
    do()
    with Statements(node) as said:
        do()
    return [one for one in said if not one.startswith(CONTROL)]


def submit(moot):
    made = told(
        wanted="A repair.",
        contact="ada.lovelace@mailbox.example",
        name="Ada",
        area="north",
    )
    return submissions.submit(moot.node, made, by=GUEST)


def test_taking_in_what_somebody_says_asks_little(moot):
    said = said_by(moot.node, lambda: submit(moot))

    assert len(said) <= MOST_FOR_A_SUBMISSION, len(said)


def test_sequencing_many_asks_no_more_than_sequencing_one(moot):
    submit(moot)
    log.sequence(moot.node)
    counts = []
    for number in (1, 8):
        for _ in range(number):
            submit(moot)
        with Statements(moot.node) as said:
            log.sequence(moot.node)
        counts.append(len(said))

    assert counts[1] <= counts[0]


def take_one(moot):
    moot.bring(moot.tell(), State.WORKING)


def queue_one(moot):
    moot.bring(moot.tell(), State.QUEUED)


def tell_one(moot):
    moot.tell(by=moot["ada"])


LISTS = {
    "desk of an advocate": (
        take_one,
        lambda moot: assignments.desk(moot.node, by=moot["cleo"]),
    ),
    "desk of a coordinator": (
        queue_one,
        lambda moot: assignments.desk(moot.node, by=moot["iris"]),
    ),
    "what is to triage": (
        tell_one,
        lambda moot: triage_next(moot.node, by=moot["iris"]),
    ),
    "mine": (tell_one, lambda moot: cases.mine(moot.node, by=moot["ada"])),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_longer_list_asks_no_more(moot, name):
    more, look = LISTS[name]
    counts = []
    for number in (1, 5):
        for _ in range(number):
            more(moot)
        log.sequence(moot.node)
        counts.append(len(said_by(moot.node, lambda: look(moot))))

    assert counts[1] <= counts[0]


#: The budget of the design is 8 for a list and 12 for any page.
BUDGETS = {
    "desk of an advocate": 8,
    "desk of a coordinator": 8,
    "what is to triage": 12,
    "mine": 8,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_keeps_its_budget(moot, name):
    more, look = LISTS[name]
    for _ in range(3):
        more(moot)

    said = said_by(moot.node, lambda: look(moot))

    assert len(said) <= BUDGETS[name], "\n".join(said)


def test_one_case_asks_for_each_thing_once(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    by = moot["cleo"]
    say(moot, made, threads.reply, by)

    def look():
        cases.view(moot.node, made.reference, by=by)

    said = said_by(moot.node, look)

    assert len(said) <= MOST_FOR_A_CASE, "\n".join(said)
    assert len(said) == len(set(said))


@pytest.mark.parametrize("who", ["cleo", "guest"])
def test_a_longer_conversation_asks_no_more(moot, who):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    cleo, guest = moot["cleo"], moot.guest(made)
    by, counts = cleo if who == "cleo" else guest, []
    for number in (1, 6):
        for _ in range(number):
            say(moot, made, threads.reply, cleo)
            say(moot, made, threads.write, guest)
        log.sequence(moot.node)
        said = said_by(moot.node, lambda: cases.view(moot.node, made.reference, by=by))
        counts.append(len(said))

    assert counts[1] <= counts[0]


def say(moot, made, write, by):
    write(moot.node, made.reference, Words(new_id(moot.node), "More."), by=by)


def test_answering_costs_the_same_however_often(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_MEMBER)
    counts = []
    for _ in range(4):
        with Statements(moot.node) as said:
            say(moot, made, threads.write, moot.guest(made))
        counts.append(len(said))
        moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="And then?")

    assert len(set(counts[1:])) == 1
