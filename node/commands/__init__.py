"""The groups of commands for a node that is there: each command is one use case."""

from node.commands.federation import federation
from node.commands.grants import grants
from node.commands.ledger import ledger

__all__ = ["federation", "grants", "ledger"]
