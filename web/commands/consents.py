"""What a member agreed to, on the terminal: read, given, stopped."""

from typing import Any
from uuid import UUID

import click

from governance.consent import Purpose
from node import consent, consent_records
from web import casefiles
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import coming, going
from web.schemas.api import consents as shapes

_RECORDS = ("id", "purpose", "recipient", "state", "evidence", "valid_until", "words")


@click.group()
def consents() -> None:
    """Look at what a member agreed to, and stop it."""


@consents.command("list")
@click.argument("ref")
@frame.acting
def consents_list(by: By, ref: str) -> None:
    """List what was agreed to in one's own case, and what could be."""
    found = by.gives(shapes.ConsentsShown, casefiles.consents(by.node, ref, by=by.who))
    if found is None:
        return
    frame.table(found["items"], _RECORDS)
    if found["offered"]:
        click.echo("\nCan be agreed to:")
    for one in found["offered"]:
        # All of it: whoever agrees has to read it first.
        what = f"{one['purpose']} {one['recipient']}".rstrip()
        frame.say(f"{what}\n  {one['words']}")


@consents.command("give")
@click.argument("ref")
@click.option("--agreed", is_flag=True, help="Its member read the words and said yes.")
@frame.acting
@taking(coming.NewConsent, "purpose")
def consents_give(by: By, ref: str, given: dict[str, Any], *, agreed: bool) -> None:
    """Write down that a member agrees to something in their own case."""
    purpose, recipient = given["purpose"], given["recipient"]
    if not agreed:
        raise click.UsageError(_to_read(by, ref, purpose, recipient))
    by.settled(consent.give(by.node, ref, purpose, recipient, by=by.who))
    found = casefiles.consents(by.node, ref, by=by.who)
    by.lists(shapes.ConsentsShown, found, _RECORDS)


def _to_read(by: By, ref: str, purpose: Purpose, recipient: str) -> str:
    records = consent_records.records(by.node, ref, by=by.who)
    for at, whom, words in consent.offered(records):
        if (at, whom) == (purpose, recipient):
            return f'Say --agreed once its member read this and said yes: "{words}"'
    return "Nothing like that can be agreed to now: see `cases consents list`."


@consents.command("stop")
@click.argument("ref")
@click.argument("consent_id", metavar="CONSENT", type=click.UUID)
@frame.acting
def consents_stop(by: By, ref: str, consent_id: UUID) -> None:
    """Take one consent back, at once."""
    by.settled(consent.revoke(by.node, ref, consent_id, by=by.who))


@consents.command("receipt")
@click.argument("ref")
@click.argument("consent_id", metavar="CONSENT", type=click.UUID)
@frame.acting
def consents_receipt(by: By, ref: str, consent_id: UUID) -> None:
    """Print the receipt of one consent, as JSON to keep."""
    found = consent_records.receipt(by.node, ref, consent_id, by=by.who)
    shown = by.gives(going.ConsentReceipt, {"receipt": found})
    if shown is not None:
        frame.document(shown["receipt"])
