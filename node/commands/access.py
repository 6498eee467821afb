"""Who read what, for whoever watches over it."""

import json
from dataclasses import asdict
from uuid import UUID

import click

from governance.access import Field
from node import access, accounts
from node.access import Sought
from node.commands.frame import answering, opened

_PERSON = "The auditor or steward you act for: an id of `folkmoot people list`."


@click.command("audit")
@click.option("--person", required=True, type=click.UUID, help=_PERSON)
@click.option(
    "--field", type=click.Choice([it.value for it in Field]), help="Only reads of this."
)
@click.option("--json", "as_json", is_flag=True, help="One object a line, not CSV.")
@answering
def audit_reads(person: UUID, field: str | None, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Write the newest reads of what is not everybody's, as CSV.

    Stewards get names, auditors pseudonyms. Looking is written down, too.
    """
    node = opened()
    who = accounts.on_behalf(node, person)
    sought = Sought(field=Field(field) if field else None)
    found = access.audit(node, sought, by=who, most=access.MOST)
    if as_json:
        for line in found.lines:
            click.echo(json.dumps(asdict(line), default=str))
        return
    click.echo(access.sheet(found.lines), nl=False)
