"""The groups of commands for a node that is there: each command is one use case."""
