"""A database that was lost, and what beside it remembers that there was one."""

import pytest

from node import beside, log, migrate, start
from node.errors import DatabaseMissing
from node.settings import Settings
from tests.support.cast import moot_on
from tests.support.commands import typed
from tests.support.engines import address, copied
from tests.support.logs import published


@pytest.fixture
def lost(moot):
    """A node whose log was signed, and an environment in which its database is gone."""
    return moot, lose(moot)


@pytest.fixture
def gone(tmp_path):
    """The same on SQLite, whose files are simply not there."""
    with moot_on("", tmp_path) as moot:
        lose(moot)
        yield moot


def lose(moot):
    moot.tell()
    published(moot.node)
    moot.node.database.close()
    settings = moot.node.settings
    if settings.database_url:
        name = copied(settings.database_url, "template0")
        return {"FOLKMOOT_DATABASE_URL": address(settings.database_url, name)}
    for path in settings.data.glob("folkmoot.sqlite3*"):
        path.unlink()
    return {}


def keys_of(moot):
    folder = moot.node.settings.keys_folder
    return {path: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.toml"
    path.write_text(start.answers_example())
    return str(path)


def test_no_second_log_begins_where_a_database_was_lost(lost, answers):
    moot, gone = lost
    before = keys_of(moot)

    for words in (
        ["upgrade"], ["upgrade", "--check"], ["init"], ["init", "--answers", answers],
        ["health"], ["ledger", "status"], ["ledger", "rotate"],
    ):  # fmt: skip
        said = typed(moot, *words, **gone)

        assert (said.exit_code, said.stdout) == (1, ""), words
        assert said.stderr.splitlines()[-1].startswith("Error: database.missing: ")
        assert "the database is missing or empty: put it back" in said.stderr
    assert keys_of(moot) == before


def test_a_lost_key_is_not_made_anew_where_the_database_is_lost_too(lost):
    moot, gone = lost
    lone = moot.node.settings.keys_folder / "log.key"
    lone.unlink()

    said = typed(moot, "init", **gone)

    assert "database.missing" in said.stderr
    assert not lone.exists()


def test_the_schema_alone_is_no_database_that_was_put_back(gone):
    mark = beside.guard(gone.node.settings)
    kept = mark.rename(mark.with_name("kept"))
    assert typed(gone, "upgrade").exit_code == 0
    kept.rename(mark)

    said = typed(gone, "init")
    health = typed(gone, "health")

    assert "database.missing" in said.stderr
    assert (health.exit_code, "not well" in health.stdout) == (1, True)


def test_whoever_takes_away_what_remembers_begins_anew(gone, answers):
    beside.guard(gone.node.settings).unlink()
    for path in gone.node.settings.keys_folder.iterdir():
        path.unlink()

    said = typed(gone, "init", "--answers", answers)

    assert said.exit_code == 0, said.stderr
    assert typed(gone, "health").stdout == "well\n"


@pytest.mark.parametrize("copied_away", [False, True])
def test_a_list_of_erasures_remembers_too(tmp_path, copied_away):
    data, copy = tmp_path / "data", tmp_path / "copy"
    data.mkdir()
    copy.mkdir()
    settings = Settings(data=data, journal_copy=str(copy) if copied_away else "")
    beside.journals(settings)[-1].touch()

    with pytest.raises(DatabaseMissing, match=r"erasures\.jsonl is there"):
        migrate.upgrade(settings)


def test_a_log_without_a_head_is_behind_any_guard(village):
    node = village.build("https://birch.example")
    assert log.start_check(node) == ""

    log.guard.write(node, epoch=1, size=1, root=bytes(32))

    assert log.start_check(node).startswith("ledger.rollback")
