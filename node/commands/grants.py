"""What people and programs may do."""

import json
from uuid import UUID

import click

from node import accounts
from node.commands.frame import answering, opened


@click.group()
def grants() -> None:
    """Manage what people and programs may do."""


@grants.command("token")
@click.option("--role", default="", help="A role the person holds; empty: a member.")
@click.option(
    "--person",
    required=True,
    type=click.UUID,
    help="Who it acts for: an id of `folkmoot people list`.",
)
@click.option("--scope", required=True, help="For example: cases:read cases:write desk")
@click.option("--json", "as_json", is_flag=True)
@answering
def grants_token(role: str, person: UUID, scope: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Make a token by which a program acts for one person, for an hour."""
    token = accounts.grant_token(
        opened(), role=role, person_id=person, scopes=frozenset(scope.split())
    )
    click.echo(json.dumps({"access_token": token}) if as_json else token)
