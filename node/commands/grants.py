"""What people and programs may do."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import click

from node import accounts
from node import grants as roles
from node.commands.frame import STEWARD, answering, opened, show
from node.grants import Given, Held

_GRANTEE = "Whom: an id of `folkmoot people list`."
_HELD = "The steward or holder you act for: an id of `folkmoot people list`."


@dataclass(frozen=True, slots=True)
class _Line:
    grant: str
    person: str
    name: str
    role: str
    topics: str
    areas: str
    teams: str
    clearance: str
    since: datetime
    until: datetime


def _line(one: Held) -> _Line:
    return _Line(
        grant=str(one.id),
        person=str(one.person),
        name=one.name,
        role=one.role,
        topics=" ".join(one.topics) or "all",
        areas=" ".join(one.areas) or "all",
        teams=", ".join(one.teams) or "all",
        clearance=" ".join(one.clearance),
        since=one.from_at,
        until=one.expires_at,
    )


@click.group()
def grants() -> None:
    """Manage what people and programs may do."""


@grants.command("list")
@click.option("--role", default="", help="Only who holds this role: steward, ...")
@click.option("--over", is_flag=True, help="The newest of what is over.")
@click.option("--json", "as_json", is_flag=True)
@answering
def grants_list(role: str, over: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List who holds which role, for what, until when."""
    found = roles.holdings(opened(), role=role, over=over)
    show([_line(one) for one in found], as_json=as_json)


@grants.command("give")
@click.argument("role")
@click.option("--to", required=True, type=click.UUID, help=_GRANTEE)
@click.option("--days", required=True, type=int, help="For how long, from now on.")
@click.option("--person", required=True, type=click.UUID, help=STEWARD)
@click.option(
    "--topic", "topics", multiple=True, help="Only this topic; may be repeated."
)
@click.option(
    "--area", "areas", multiple=True, help="Only this place; may be repeated."
)
@click.option("--team", "teams", multiple=True, type=click.UUID, help="Only this team.")
@click.option("--clearance", multiple=True, help="May open these: sensitive, special.")
@answering
def grants_give(role: str, to: UUID, days: int, person: UUID, **scope: Any) -> None:
    """Give somebody a role for a time, and print the number of the grant."""
    node = opened()
    asked = Given(person=to, role=role, days=days, **scope)
    click.echo(roles.give(node, asked, by=accounts.on_behalf(node, person)))


@grants.command("end")
@click.argument("grant", type=click.UUID)
@click.option("--person", required=True, type=click.UUID, help=_HELD)
@answering
def grants_end(grant: UUID, person: UUID) -> None:
    """End a role before its time; the cases it opens are handed over before."""
    node = opened()
    roles.end(node, grant, by=accounts.on_behalf(node, person))


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
