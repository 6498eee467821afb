"""The journal, and what it makes of a crash half way and of yesterday's database."""

import shutil
import subprocess
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from governance.cases import State
from node import beside, erasing, log, starting
from node.core import Unready
from node.erasing import Erasure, Level, Wish, journal
from node.errors import JournalDamaged
from node.ids import new_id
from node.models.cases import Case
from node.models.log import LedgerErasure, LedgerOutbox, LedgerSeal
from tests.support.cast import moot_on
from tests.support.engines import address, copied
from tests.support.erased import (
    at,
    dump,
    erase,
    left,
    put_back,
    secrets,
    settle,
    spoken,
    tombstones,
    wish,
)
from tests.support.logs import inside, receipts
from tests.support.publicly import stored
from tests.support.races import in_turn
from tests.support.village import MONDAY, Village


@pytest.fixture
def made(moot):
    return spoken(moot)


def restart(moot, **settings):
    """Open the same folder again, as `serve` does before it serves anybody."""
    node = moot.village.open(replace(moot.node.settings, **settings))
    starting.begin(node)
    return replace(moot, node=node)


def some(node, level=Level.CHAIN, **more):
    chain = more.pop("chain", UUID(int=7))
    return Erasure(id=new_id(node), at=node.now(), level=level, chain=chain, **more)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A node of which only the journal is looked at."""
    village = Village(tmp_path_factory.mktemp("village"))
    yield village.build("https://ash.example")
    village.close()


@pytest.fixture
def ash(home):
    path(home).unlink(missing_ok=True)
    return home


def path(node):
    return beside.journals(node.settings)[0]


def test_a_line_has_ids_level_and_time_and_nothing_else(ash):
    one = some(ash, Level.REDACT, seq=3, n=1)
    journal.append(ash, one)

    line = path(ash).read_text()
    assert line == (
        f'{{"at":{int(MONDAY.timestamp()) * 1000},"chain":"{one.chain}",'
        f'"id":"{one.id}","level":"redact","n":1,"seq":3,"t":"folkmoot.erasure/1"}}\n'
    )
    assert path(ash).stat().st_mode & 0o777 == 0o600


def test_everything_is_read_in_the_order_in_which_it_was_erased(ash):
    said = [some(ash), some(ash, Level.ENTRY, seq=0), some(ash, Level.CONTENT, seq=2)]
    for one in said:
        journal.append(ash, one)

    assert journal.read(ash) == said


@pytest.mark.parametrize("torn", [b"{", b'{"at":1', b"\0" * 40 + b"\n", b"nonsense\n"])
def test_what_a_crash_left_of_a_line_is_no_line_and_goes(ash, torn):
    first, second = some(ash), some(ash)
    journal.append(ash, first)
    with path(ash).open("ab") as file:
        file.write(torn)
    assert journal.read(ash) == [first]

    journal.append(ash, second)

    assert journal.read(ash) == [first, second]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense\n", b"\n", b"{}\n", b'{"t":"folkmoot.erasure/1"}\n',
        b'{"at":1,"chain":"7","id":"7","level":"chain","n":null,"seq":null}\n',
    ],
)  # fmt: skip
def test_a_journal_that_nobody_can_read_stops_the_start(ash, line):
    journal.append(ash, some(ash))
    path(ash).write_bytes(line + path(ash).read_bytes())

    with pytest.raises(JournalDamaged, match=r"Line 1 of .*erasures\.jsonl"):
        starting.begin(ash)


@pytest.mark.parametrize(
    ("level", "numbers"),
    [
        ("chain", {"seq": 1, "n": None}), ("entry", {"seq": None, "n": None}),
        ("content", {"seq": 1, "n": 0}), ("redact", {"seq": 1, "n": None}),
        ("entry", {"seq": -1, "n": None}), ("all", {"seq": None, "n": None}),
    ],
)  # fmt: skip
def test_a_line_that_means_nothing_is_not_guessed_at(ash, level, numbers):
    members = {
        "t": "folkmoot.erasure/1", "id": str(UUID(int=1)), "at": 1,
        "level": level, "chain": str(UUID(int=2)), **numbers,
    }  # fmt: skip
    path(ash).write_bytes(journal.canonical(members) + b"\n")
    journal.append(ash, some(ash))

    assert len(journal.read(ash)) == 1


@given(cut=st.integers(0, 700), junk=st.binary(max_size=60))
def test_however_a_line_is_torn_the_whole_ones_before_it_are_read(home, cut, junk):
    path(home).unlink(missing_ok=True)
    said = [some(home), some(home, Level.ENTRY, seq=0), some(home)]
    for one in said:
        journal.append(home, one)
    whole = path(home).read_bytes()[:cut]
    path(home).write_bytes(whole + junk.replace(b"\n", b""))
    number = whole.count(b"\n")

    assert journal.read(home)[:number] == said[:number]
    last = some(home)
    journal.append(home, last)
    assert last in journal.read(home)


def test_what_cannot_be_written_down_is_not_erased(moot, made):
    path(moot.node).mkdir()

    with pytest.raises(Unready):
        erase(moot, made, Wish(level=Level.CHAIN))

    assert State.ERASED not in stored(moot.node, Case.state)


@pytest.mark.parametrize("level", Level)
def test_a_crash_between_journal_and_transaction_is_finished_at_the_next_start(
    moot, made, level
):
    seq = at(moot, made)
    known = secrets(moot.node, made.case_id, seq).of(level)
    numbers = {} if level is Level.CHAIN else {"seq": seq}
    numbers |= {"n": 0} if level is Level.REDACT else {}
    journal.append(moot.node, some(moot.node, level, chain=made.case_id, **numbers))
    assert left(moot.node, known)

    again = restart(moot)
    settle(again)

    assert left(again.node, known) == set()
    (one,) = tombstones(again)
    assert (one.body["level"], one.body["basis"]) == (level, "again")
    assert list(log.fsck(again.node)) == []


def test_what_was_done_is_not_done_again_at_the_next_start(moot, made):
    erase(moot, made, wish(Level.ENTRY, at(moot, made)))
    before = stored(moot.node, LedgerErasure.id)

    again = restart(moot)
    settle(again)

    assert stored(again.node, LedgerErasure.id) == before
    assert erasing.replay(again.node) == 0
    assert len(tombstones(again)) == 1


@pytest.mark.parametrize("level", Level)
def test_yesterdays_database_is_erased_again_before_anything_is_served(tmp_path, level):
    with moot_on("", tmp_path) as moot:
        case, known = yesterday(moot, tmp_path / "yesterday", level)
        erase(moot, case, wish(level, 0))
        settle(moot)
        saved = receipts(moot.node)
        moot.node.database.close()
        put_back(moot.node, tmp_path / "yesterday")

        again = restart(moot)

        # Behind its guard the log is not added to; what is to go goes all the same.
        assert log.read_only(again.node)
        size = inside(again.node).size
        settle(again)
        assert left(again.node, known) == set()
        assert (inside(again.node).size, tombstones(again)) == (size, [])
        assert stored(again.node, LedgerOutbox.oid) == []
        assert all(log.check(again.node, raw).valid for raw in saved.values())


def yesterday(moot, to, level):
    """Make a case whose words are to go, and a copy of the folder before they do."""
    case = moot.tell(text="canary: the wall is wet", contact="ann@example.org")
    moot.bring(case, State.WORKING)
    settle(moot)
    known = secrets(moot.node, case.case_id, 0).of(level)
    shutil.copytree(moot.node.settings.data, to)
    return case, known


def test_a_folder_that_was_lost_gets_its_erasures_from_the_copy(tmp_path):
    with moot_on("", tmp_path) as moot:
        copy = tmp_path / "other disk"
        copy.mkdir()
        ash = restart(moot, journal_copy=str(copy))
        case, known = yesterday(ash, tmp_path / "yesterday", Level.CHAIN)
        erase(ash, case, Wish(level=Level.CHAIN))
        settle(ash)
        for each in (moot, ash):
            each.node.database.close()
        shutil.rmtree(ash.node.settings.data)
        shutil.copytree(tmp_path / "yesterday", ash.node.settings.data)
        assert journal.read(moot.node) == []

        again = restart(ash)
        settle(again)

        assert left(again.node, known) == set()
        assert list(log.fsck(again.node)) == []


def test_what_a_database_cannot_have_yet_is_left_for_the_next_start(moot):
    made = moot.tell()
    later = some(moot.node, Level.ENTRY, chain=made.case_id, seq=40)
    never = some(moot.node)
    for one in (later, never):
        journal.append(moot.node, one)

    again = restart(moot)

    assert erasing.missing(again.node) == [later, never]
    assert stored(again.node, LedgerErasure.id) == []


def test_another_entry_under_the_number_of_a_lost_one_stays(moot):
    made = moot.tell()
    seq = len(receipts(moot.node))
    lost = some(moot.node, Level.ENTRY, chain=made.case_id, seq=seq)
    journal.append(moot.node, lost)
    moot.village.pass_time(days=1)
    moot.triage(made)

    again = restart(moot)

    assert seq in stored(again.node, LedgerSeal.seq)
    assert erasing.missing(again.node) == [lost]


def test_two_who_start_at_once_erase_once(moot, made):
    one = some(moot.node, chain=made.case_id)
    journal.append(moot.node, one)
    row = select(Case).where(Case.id == made.case_id)

    in_turn(moot.node, row, *[partial(erasing.replay, moot.node)] * 3)

    assert stored(moot.node, LedgerErasure.id) == [one.id]
    settle(moot)
    assert len(tombstones(moot)) == 1


@pytest.mark.network
def test_a_dump_that_is_put_back_is_erased_again(postgres_url, tmp_path):
    with moot_on(postgres_url, tmp_path) as moot:
        case, known = yesterday(moot, tmp_path / "yesterday", Level.CHAIN)
        kept = dump(moot.node.settings.database_url)
        erase(moot, case, Wish(level=Level.CHAIN))
        settle(moot)
        url = address(postgres_url, copied(postgres_url, "template0"))
        command = ["psql", "--quiet", "--dbname", url]
        subprocess.run(command, input=kept, check=True, capture_output=True)  # noqa: S603

        again = restart(moot, database_url=url)

        settle(again)
        assert left(again.node, known) == set()
        assert log.read_only(again.node)
