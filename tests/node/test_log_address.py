"""A node whose public address was changed after its log began."""

import json
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import select

from governance.errors import ReadOnly
from node import log, starting
from node.log import names
from node.models.log import LedgerHead
from tests.support.commands import typed
from tests.support.logs import inside, published

ELM = "https://elm.example:8443"


@pytest.fixture(autouse=True)
def _lines():
    yield
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


@pytest.fixture
def moved(moot):
    """The same folder, under settings that name another address."""
    moot.tell()
    published(moot.node)
    moot.node.database.close()
    return moot.village.open(replace(moot.node.settings, public_url=ELM))


def test_a_changed_address_stops_the_log_and_names_both(moot, moved):
    why = log.start_check(moved)

    assert why.startswith("ledger.address: this ledger is called ash.example/ledger,")
    assert "makes it elm.example:8443/ledger: set it back" in why
    assert log.start_check(moot.village.open(moot.node.settings)) == ""


def test_nothing_is_signed_under_another_name(moot, moved):
    before = inside(moved).size

    starting.begin(moved)
    log.sequence(moved)
    log.publish(moved, at=moot.village.now)

    with moved.read() as tx:
        head = tx.scalars(select(LedgerHead)).one()
    assert (head.size, names.named(head.note)) == (before, "ash.example/ledger")


def test_no_key_is_announced_under_another_name(moot, moved):
    before = {path.name for path in moot.node.settings.keys_folder.iterdir()}

    with pytest.raises(ReadOnly, match=r"this ledger is called ash\.example/ledger"):
        log.rotate(moved)

    assert {path.name for path in moot.node.settings.keys_folder.iterdir()} == before


def test_no_key_is_announced_in_a_database_of_yesterday(moot):
    mark = log.guard.read(log.guard.path(moot.node))
    ahead = (mark.size if mark else 0) + 9
    log.guard.write(moot.node, epoch=1, size=ahead, root=bytes(32))

    with pytest.raises(ReadOnly, match=r"ledger\.rollback"):
        log.rotate(moot.village.open(moot.node.settings))


def test_status_keeps_calling_the_ledger_and_its_keys_by_their_names(moot, moved):
    moved.database.close()

    true = json.loads(typed(moot, "ledger", "status", "--json").stdout)
    told = {"FOLKMOOT_PUBLIC_URL": ELM}
    said = json.loads(typed(moot, "ledger", "status", "--json", **told).stdout)

    assert said.pop("stopped").startswith("ledger.address: ")
    assert true.pop("stopped") == ""
    assert said == true
    assert typed(moot, "health", **told).exit_code == 1
