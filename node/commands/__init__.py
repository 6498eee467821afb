"""The groups of commands for a node that is there: each command is one use case."""

from node.commands.access import audit_reads
from node.commands.calendar import calendar
from node.commands.federation import federation
from node.commands.generate import generate
from node.commands.grants import grants
from node.commands.health import health
from node.commands.ledger import ledger
from node.commands.ledger_audit import ledger_samples
from node.commands.ledger_keys import LEDGER
from node.commands.ledger_witness import ledger_witness
from node.commands.people import people
from node.commands.processing import processing
from node.commands.search import search
from node.commands.texts import templates
from node.commands.verify import verify
from node.commands.walls import walls

for _command in (*LEDGER, ledger_samples, ledger_witness):
    ledger.add_command(_command)

COMMANDS = (
    audit_reads,
    calendar,
    federation,
    generate,
    grants,
    health,
    ledger,
    people,
    processing,
    search,
    templates,
    verify,
    walls,
)

__all__ = ["COMMANDS", "ledger"]
