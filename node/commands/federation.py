"""Other nodes: which are known, what did not reach them, and what is wrong."""

import json
import sys
from dataclasses import asdict
from typing import Any
from uuid import UUID

import click

from federation.policy import Mode
from node import accounts, federation_desk, federation_doctor, federation_status
from node.commands.frame import STEWARD, answering, opened, show
from node.federation_desk import MODES, REVIEWS, Treatment

_json = click.option("--json", "as_json", is_flag=True)


@click.group()
def federation() -> None:
    """Look at other nodes, and decide how they are treated."""


@federation.command("peers")
@_json
@answering
def peers(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the nodes we know, how each is treated, and how sending goes."""
    show(federation_status.known(opened()), as_json=as_json)


@federation.command("deliveries")
@_json
@answering
def deliveries(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List what waits, is parked or failed, by node and reason."""
    show(federation_status.undelivered(opened()), as_json=as_json)


@federation.command("block")
@click.argument("host")
@click.option("--person", required=True, type=click.UUID, help=STEWARD)
@click.option(
    "--mode", default="blocked", type=click.Choice([mode.value for mode in MODES])
)
@click.option("--reason", default="", help="Why; needed unless the mode is open.")
@click.option("--days", default="30", type=click.Choice([*map(str, REVIEWS)]))
@_json
@answering
def block(host: str, person: UUID, **how: Any) -> None:
    """Say how a node is treated, for a steward; --mode open takes it back.

    After --days the decision is looked at again.
    """
    node = opened()
    by = accounts.on_behalf(node, person)
    treatment = Treatment(Mode(how["mode"]), how["reason"], int(how["days"]))
    federation_desk.treat(node, host, treatment, by=by)
    show([federation_desk.one(node, host, by=by)], as_json=how["as_json"])


@federation.command("doctor")
@click.argument("host")
@_json
@answering
def doctor(host: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Say step by step what works between us and a node; exit 1 if anything fails."""
    found = []
    for finding in federation_doctor.examine(opened(), host):
        found.append(finding)
        if not as_json:
            click.echo(f"{finding.state:<5} {finding.code:<22} {finding.says}")
    well = not any(finding.fails for finding in found)
    if as_json:
        click.echo(json.dumps({"well": well, "findings": [*map(asdict, found)]}))
    sys.exit(0 if well else 1)
