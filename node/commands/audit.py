"""Auditing a log from outside: any log, with no node and no key of one's own."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ledger import checkpoint, policy, telling
from ledger.errors import Invalid
from ledger.policy import Policy
from node import assembly
from node.commands.frame import answering, settings_here
from node.log import auditing
from node.log.audited import Found
from node.log.outside import Site

_LARGEST = 2**53 - 1
_UNREAD = 2
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def _policy(_: click.Context, __: click.Parameter, path: Path) -> Policy:
    try:
        return policy.parse(path.read_bytes())
    except Invalid as no:
        raise click.BadParameter(f"{path}: {no.text}") from no


def _address(_: click.Context, __: click.Parameter, url: str) -> str:
    if "://" in url:
        return url
    offline = f"python -m ledger audit {url} --policy P"
    said = f"{url} is no address. What checks a copy in a folder is `{offline}`."
    raise click.BadParameter(said)


_options = (
    click.option(
        "--policy", "trusted", required=True, type=_file, callback=_policy,
        help="Logs and witnesses you trust.",
    ),
    click.option(
        "--since", default=0, type=click.IntRange(0, _LARGEST), metavar="SIZE",
        help="Go on from the size you saw last.",
    ),
    click.option(
        "--seen", multiple=True, type=_file, metavar="NOTE",
        help="A checkpoint you kept; the log must have grown from it.",
    ),
    click.option(
        "--keep", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="Keep the checkpoint here if all is in order.",
    ),
    click.option(
        "--minutes", default=60, type=click.IntRange(1, 10_000), show_default=True,
        help="How long it may take.",
    ),
    click.option("--json", "as_json", is_flag=True),
)  # fmt: skip


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_options):
        command = option(command)
    return command


@click.command("audit")
@click.argument("url", callback=_address)
@_asked
@answering
def audit(url: str, **how: Any) -> None:
    """Read a published log under URL and check all of it; needs no node.

    Says what was found, step by step; exit 1 if anything is wrong with it, 2 if it
    could not be read.
    """
    network = assembly.guard(settings_here())
    site = Site.at(network, url, how["minutes"] * 60, time.monotonic)
    seen = {str(path): _seen(path, how["trusted"]) for path in how["seen"]}
    found = auditing.look(site, how["trusted"], seen, how["since"])
    if how["as_json"]:
        click.echo(json.dumps(_facts(found)))
    elif found.unread:
        click.echo(telling.printable(f"{url}: not audited: {found.unread}"), err=True)
    else:
        click.echo("\n".join(_lines(found)))
    if found.valid and how["keep"] is not None:
        how["keep"].write_bytes(found.note)
    sys.exit(_UNREAD if found.unread else 0 if found.valid else 1)


def _seen(path: Path, trusted: Policy) -> bytes:
    raw = path.read_bytes()
    try:
        checkpoint.open(raw, trusted.logs)
    except Invalid as no:
        raise click.BadParameter(f"{path}: {no.text}", param_hint="--seen") from no
    return raw


def _facts(found: Found) -> dict[str, object]:
    return {
        "valid": found.valid,
        "unread": found.unread or None,
        "origin": found.origin,
        "size": found.size,
        "sealed": found.sealed,
        "clear": found.clear,
        "published": found.pace and asdict(found.pace),
        "findings": telling.findings(found.findings),
    }


def _lines(found: Found) -> list[str]:
    whole = f"{found.size} entries, all in order" if found.valid else "NOT IN ORDER"
    lines = [telling.printable(f"{found.origin or 'no log'}: {whole}")]
    lines += telling.steps(found.findings)
    if found.valid:
        lines.append(f"  read: {found.sealed} sealed or cover, {found.clear} open")
    if found.pace is not None and found.pace.longest is not None:
        pace = f"{found.pace.published} times, longest wait {found.pace.longest} s"
        lines.append(f"  published: {pace}")
    return lines
