"""Whether cases are what happened to them, for whoever runs the node."""

import json
from importlib import import_module

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import update

from governance.cases import Act, State
from node import erasing
from node.cases import folding, links
from node.erasing import Level, Wish
from node.models.cases import Case, CaseEvent
from tests.support.commands import typed


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED)
    return made


def change(moot, model, **values):
    with moot.node.begin() as tx:
        tx.execute(update(model).values(values))


@pytest.mark.parametrize(
    "state", [it for it in State if it not in {State.TRANSFERRED, State.ERASED}]
)
def test_a_case_is_what_its_events_make_it(moot, state):
    moot.bring(moot.tell(), state)

    assert list(folding.verify(moot.node)) == []


@pytest.mark.parametrize("state", [State.WORKING, State.RESOLVED, State.DISCARDED])
def test_an_erased_case_is_too(moot, state):
    made = moot.tell()
    moot.bring(made, state)
    four = " ".join(links.words(moot.node, made.case_id))
    wish = Wish(level=Level.CHAIN, words=four)

    erasing.erase(moot.node, made.reference, wish, by=moot.guest(made))

    assert list(folding.verify(moot.node)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", State.WORKING),
        ("outcome", None),
        ("responsible_id", None),
        ("reopened", 3),
        ("disputed", True),
        ("closed_at", None),
    ],
)
def test_a_row_that_was_changed_is_found(moot, made, name, value):
    change(moot, Case, **{name: value})

    (found,) = folding.verify(moot.node)

    assert (found.reference, found.what) == (made.reference, name)
    assert found.found == str(value)


@pytest.mark.usefixtures("made")
def test_an_event_that_could_not_happen_is_found(moot):
    change(moot, CaseEvent, act=Act.ACCEPT)

    assert {it.what for it in folding.verify(moot.node)} >= {"event 0", "event 1"}


@pytest.mark.usefixtures("made")
def test_an_event_that_its_entry_does_not_say_is_found(moot):
    change(moot, CaseEvent, entry_seq=0)

    found = [it for it in folding.verify(moot.node) if it.what == "entry 0"]

    assert {it.found for it in found} == {"submission"}


@pytest.mark.usefixtures("made")
def test_an_event_without_an_entry_is_found_unless_that_was_erased(moot):
    change(moot, CaseEvent, entry_seq=99)

    found = [it for it in folding.verify(moot.node) if it.found == "none"]

    assert found
    assert {it.what for it in found} == {"entry 99"}


@pytest.mark.usefixtures("made")
def test_events_of_the_version_before_are_filled_in(moot):
    step = import_module("node.migrations.versions.0015_casework")
    change(moot, CaseEvent, outcome=None, whom=None)
    assert {it.what for it in folding.verify(moot.node)} == {
        "outcome",
        "responsible_id",
    }

    with moot.node.begin() as tx:
        context = MigrationContext.configure(tx.connection())
        with Operations.context(context):
            step._fill()  # noqa: SLF001 - what the step does with rows

    assert list(folding.verify(moot.node)) == []


def test_whoever_runs_the_node_asks_by_a_command(moot, made):
    assert typed(moot, "verify").exit_code == 0
    change(moot, Case, reopened=2)

    done = typed(moot, "verify", "--json")

    assert done.exit_code == 1
    (line,) = json.loads(done.stdout)
    assert line["reference"] == made.reference
