"""From settings to a node: the only place that chooses between implementations."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from federation.fetch import Guard
from node import database, keys, mail
from node.core import Node
from node.logging import log
from node.settings import BadSetting, Settings

_FIXED = "fixed:"


def assemble(settings: Settings, ring: Callable[[], None] | None = None) -> Node:
    """Return the node these settings describe. Connects to nothing yet."""
    if settings.federation_insecure_hosts:
        log().warning("federation.insecure")
    sender = settings.mail_from or f"folkmoot@{settings.hostname}"
    return Node(
        settings=settings,
        database=database.connect(settings.database_url, settings.data, time.monotonic),
        keys=keys.read(settings.keys_folder),
        mail=mail.relay(settings.smtp_url, sender) if settings.smtp_url else None,
        network=guard(settings),
        now=_clock(settings.clock),
        monotonic=time.monotonic,
        dice=secrets.token_bytes,
        ring=ring or (lambda: None),
    )


def guard(settings: Settings) -> Guard:
    """Return the door to other nodes; it needs no node of ours, and no key."""
    return Guard(
        f"Folkmoot/{version('folkmoot')} (+{settings.origin})",
        insecure=frozenset(settings.federation_insecure_hosts),
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
        monotonic=time.monotonic,
    )


def _clock(wanted: str) -> Callable[[], datetime]:
    if wanted == "system":
        return _now
    try:
        fixed = datetime.fromisoformat(wanted.removeprefix(_FIXED))
    except ValueError:
        fixed = None
    if fixed is None or fixed.tzinfo is None or not wanted.startswith(_FIXED):
        raise BadSetting("FOLKMOOT_CLOCK is system, or fixed:<RFC 3339> in tests.")
    return lambda: fixed


def _now() -> datetime:
    # The database keeps milliseconds, so nothing finer is ever seen.
    now = datetime.now(UTC)
    return now - timedelta(microseconds=now.microsecond % 1000)
