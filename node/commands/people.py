"""People, as commands that act for one of them name them."""

import click

from node import accounts
from node.commands.frame import answering, opened, show


@click.group()
def people() -> None:
    """Look up who a command can act for, and who is whom."""


@people.command("list")
@click.option("--role", default="", help="Only who holds this role: steward, ...")
@click.option("--json", "as_json", is_flag=True)
@answering
def people_list(role: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List who has an account: the id that --person takes, name and roles."""
    show(accounts.holders(opened(), role), as_json=as_json)
