import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from node import migrate
from node.database import Model
from node.errors import Unready
from node.migrate import SchemaNewer, SchemaOlder
from node.models.log import LedgerEntry, LedgerOutbox
from node.settings import Settings
from tests.support.engines import ENGINES, database_like

STEPS = Path(migrate.__file__).parent / "migrations" / "versions"
PATIENCE = 60


@pytest.fixture(params=ENGINES)
def empty(request, tmp_path):
    """Settings whose database has nothing in it."""
    if request.param == "sqlite":
        yield Settings(data=tmp_path)
        return
    server = request.getfixturevalue("postgres_url")
    with database_like(server, "template0") as url:
        yield Settings(data=tmp_path, database_url=url)


@pytest.fixture
def ash(empty):
    migrate.upgrade(empty)
    return empty


@contextmanager
def connected(settings):
    engine = create_engine(migrate.url(settings))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def say(settings, *statements):
    with connected(settings) as connection:
        for statement in statements:
            connection.execute(text(statement))


def answer(settings, question):
    with connected(settings) as connection:
        return connection.scalar(text(question))


def tables(settings):
    with connected(settings) as connection:
        return set(inspect(connection).get_table_names())


def revision(settings):
    with connected(settings) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def put(settings, model, *rows):
    with connected(settings) as connection:
        connection.execute(insert(model), list(rows))


# SQLite does not tell what an index of an expression is made of.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expr")
def test_from_nothing_the_steps_lead_to_what_the_models_say(ash):
    with connected(ash) as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Model.metadata)

    assert differences == []
    migrate.check(ash)


def test_the_steps_are_numbered_without_a_gap_and_say_what_they_are_for():
    paths = sorted(STEPS.glob("*.py"))
    numbers = [f"{number:04}" for number in range(1, len(paths) + 1)]

    assert [path.name[:4] for path in paths] == numbers
    for path, number in zip(paths, numbers, strict=True):
        before = f'"{int(number) - 1:04}"' if int(number) > 1 else "None"
        assert f'revision = "{number}"' in path.read_text()
        assert f"down_revision = {before}\n" in path.read_text()
        assert path.read_text().startswith('"""')


def test_the_steps_import_no_models():
    assert not [path for path in STEPS.glob("*.py") if "node" in imports(path)]


def imports(path):
    lines = path.read_text().splitlines()
    return {
        line.split()[1].partition(".")[0]
        for line in lines
        if line.startswith(("import ", "from "))
    }


def test_upgrading_twice_is_once_and_keeps_every_row(ash):
    say(ash, "INSERT INTO area (code, name) VALUES ('mill', 'Mill Hill')")

    migrate.upgrade(ash)

    assert answer(ash, "SELECT name FROM area") == "Mill Hill"
    migrate.check(ash)


def test_programs_that_upgrade_at_once_upgrade_once(empty):
    with ThreadPoolExecutor(3) as crowd:
        list(crowd.map(migrate.upgrade, [empty] * 3))

    migrate.check(empty)


UPGRADE = """
import sys
from pathlib import Path
from node import migrate
from node.settings import Settings

migrate.upgrade(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))
"""


def test_processes_that_upgrade_at_once_upgrade_once(empty):
    words = [sys.executable, "-c", UPGRADE, str(empty.data), empty.database_url]
    others = [subprocess.Popen(words) for _ in range(2)]  # noqa: S603 - our own words

    assert [other.wait(PATIENCE) for other in others] == [0, 0]
    migrate.check(empty)


def test_upgrading_takes_the_lock_of_those_who_write(tmp_path):
    migrate.upgrade(Settings(data=tmp_path))

    assert (tmp_path / "write.lock").exists()


def test_a_step_that_fails_leaves_nothing_of_itself(empty):
    say(empty, "CREATE TABLE ledger_entry (idx INTEGER)")

    with pytest.raises(DBAPIError):
        migrate.upgrade(empty)

    assert revision(empty) is None
    assert tables(empty) == {"ledger_entry"}


def test_after_the_cause_is_gone_the_upgrade_goes_through(empty):
    say(empty, "CREATE TABLE ledger_entry (idx INTEGER)")
    with pytest.raises(DBAPIError):
        migrate.upgrade(empty)

    say(empty, "DROP TABLE ledger_entry")
    migrate.upgrade(empty)

    migrate.check(empty)


def test_a_newer_schema_is_refused_by_an_older_program(ash):
    say(ash, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaNewer, match="newer Folkmoot"):
        migrate.check(ash)
    with pytest.raises(SchemaNewer, match="newer Folkmoot"):
        migrate.upgrade(ash)

    assert revision(ash) == "9999"


@pytest.mark.parametrize(
    "older",
    ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = '0003'"],
)
def test_an_older_schema_is_refused_with_a_sentence_that_says_what_to_do(ash, older):
    say(ash, older)

    with pytest.raises(SchemaOlder, match="folkmoot upgrade"):
        migrate.check(ash)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE ledger_entry SET leaf = leaf",
        "UPDATE ledger_entry SET idx = 7",
        "DELETE FROM ledger_entry",
    ],
)
def test_the_log_never_changes_whoever_asks(ash, act):
    put(ash, LedgerEntry, {"idx": 0, "leaf": b"leaf"})

    with pytest.raises(DBAPIError, match="the log never changes"):
        say(ash, act)

    assert answer(ash, "SELECT idx FROM ledger_entry") == 0


def test_numbers_of_the_outbox_are_never_used_again(ash):
    put(ash, LedgerOutbox, {"leaf": b"first"}, {"leaf": b"second"})
    say(ash, "DELETE FROM ledger_outbox")

    put(ash, LedgerOutbox, {"leaf": b"third"})

    assert answer(ash, "SELECT oid FROM ledger_outbox") == 3


def test_a_database_that_gives_no_answer_is_named_in_a_sentence(tmp_path):
    with pytest.raises(Unready, match="gives no answer"):
        migrate.check(Settings(data=tmp_path / "nowhere"))
