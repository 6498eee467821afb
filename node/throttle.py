"""How often a thing may be done: one token bucket for all processes of a node.

The table below is the registry of everything that sends a message, guesses a secret
or costs us work. Names of buckets are MACs under a key of the day: the table tells
nobody who asked, and forgets by itself.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Executable,
    Float,
    bindparam,
    case,
    cast,
    delete,
    select,
)
from sqlalchemy.orm import Session

from governance.errors import Throttled
from node.core import Node
from node.models.throttle import Bucket
from node.upsert import insert_into, table

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)
_V6_BITS = 56


@dataclass(frozen=True, slots=True)
class Limit:
    """One bucket: how many at once, and in which time it fills again."""

    #: Limits of the same name share their tokens, whatever they are spent on.
    name: str
    most: int
    per: timedelta
    #: Whether the key is a network address, which then counts as its whole block.
    block: bool = False
    #: False: what comes too often is kept all the same, but marked for a person.
    refuses: bool = True


_CONTACT = Limit("contact", 3, 15 * _MINUTE)
_SENDING = Limit("sending", 20, _HOUR, block=True)
_FETCH = Limit("federation.fetch", 60, _MINUTE)

#: Everything with a limit; the keys of `spend` come in the order of its limits.
LIMITS: dict[str, tuple[Limit, ...]] = {
    "sign-in.link": (_CONTACT, _SENDING),
    "sign-in.code": (Limit("guess", 20, _HOUR, block=True),),
    "sign-in.passkey": (Limit("passkey", 60, _HOUR, block=True),),
    "message.contact": (_CONTACT, _SENDING),
    "track.words": (
        Limit("track.case", 5, _HOUR),
        Limit("track.block", 20, _HOUR, block=True),
    ),
    # What is typed waits on our disk, so strangers may have so much of it.
    "tell.save": (Limit("tell.save", 120, _HOUR, block=True),),
    "submission.guest": (Limit("submission", 10, _HOUR, block=True, refuses=False),),
    # Nobody is made to send mail to strangers: one to an address a day, and so many
    # an hour in all to addresses nobody has proven.
    "acknowledge": (
        Limit("acknowledge.address", 1, _DAY, refuses=False),
        Limit("acknowledge.node", 200, _HOUR, refuses=False),
    ),
    # Whoever is spoken for is told, so nobody speaks for a crowd or all day for one.
    "submission.for": (
        Limit("submission.for", 20, _HOUR),
        Limit("submission.for.contact", 3, _DAY),
    ),
    "api": (Limit("api", 300, _MINUTE),),
    # Who asks for many prefixes soon holds the whole log: the bundles are cheaper.
    "ledger.tags": (Limit("ledger.tags", 30, _MINUTE, block=True),),
    "oauth.registration": (Limit("oauth", 10, _DAY, block=True),),
    "export": (Limit("export", 5, _DAY),),
    # Each is read and answered by a person, and tells several of them.
    "data.request": (Limit("data.request", 10, _DAY),),
    # A stranger's request makes us fetch one key, so often and no more.
    "federation.key": (
        Limit("federation.key", 1, _MINUTE),
        _FETCH,
    ),
    # Its own row says how often one key is doubted.
    "federation.doubt": (_FETCH,),
    "federation.inbox": (Limit("federation.inbox", 600, _MINUTE),),
    # A log needs one a minute, and a second when it grew meanwhile.
    "witness.add": (Limit("witness.add", 120, _MINUTE, block=True),),
}
#: A token that is whole but for rounding.
_WHOLE = 1 - 1e-6
_LONGEST = max(limit.per for limits in LIMITS.values() for limit in limits)


def spend(node: Node, what: str, *keys: str, at: datetime | None = None) -> bool:
    """Count one more; return whether it is within its limits, or raise `Throttled`.

    Only a limit that keeps what comes too often returns False. A refusal costs no
    token of any bucket.
    """
    with node.begin(durable=False) as tx:
        return count(node, tx, what, *keys, at=at)


def count(
    node: Node, tx: Session, what: str, *keys: str, at: datetime | None = None
) -> bool:
    """Count one more beside its cause, as `spend` does in a transaction of its own."""
    now = at or node.now()
    waits = [
        _take(tx, limit, _name(node, limit, key, at=now), at=now)
        for limit, key in zip(LIMITS[what], keys, strict=True)
    ]
    refused = max(
        (wait for limit, wait in zip(LIMITS[what], waits, strict=True)
         if limit.refuses), default=timedelta(),
    )  # fmt: skip
    if refused:
        seconds = math.ceil(refused / timedelta(seconds=1))
        raise Throttled("That was too often. Please wait a while.", retry_after=seconds)
    return not any(waits)


def _name(node: Node, limit: Limit, key: str, *, at: datetime) -> bytes:
    whom = block(key) if limit.block else key
    return node.keys.daily("throttle", f"{limit.name}\0{whom}".encode(), at=at)


def block(address: str) -> str:
    """Return the block an address counts as: itself, or for IPv6 its /56."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, _V6_BITS), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _take(tx: Session, limit: Limit, name: bytes, *, at: datetime) -> timedelta:
    given = {
        "name": name,
        "now": (at - datetime.fromtimestamp(0, tz=at.tzinfo)) // _MILLISECOND,
        "most": float(limit.most),
        "rate": limit.most / (limit.per / _MILLISECOND),
    }
    take, look = _statements(tx.get_bind().dialect.name)
    if tx.connection().execute(take, given).first() is not None:
        return timedelta()
    left: float = tx.connection().execute(look, given).scalar_one()
    return max((1 - left) * (limit.per / limit.most), _MILLISECOND)


@cache
def _statements(dialect: str) -> tuple[Executable, Executable]:
    # Built once: every request of a stranger runs them.
    now, most = bindparam("now", type_=BigInteger), bindparam("most", type_=Float)
    filled = _filled(now, most)
    new = insert_into(dialect, Bucket).values(
        bucket=bindparam("name"), tokens=most - 1, updated_at=now
    )
    take = new.on_conflict_do_update(
        index_elements=["bucket"],
        set_={"tokens": filled - 1, "updated_at": now},
        where=filled >= _WHOLE,
    ).returning(table(Bucket).c.tokens)
    return take, select(filled).where(Bucket.bucket == bindparam("name"))


def _filled(
    now: BindParameter[int], most: BindParameter[float]
) -> ColumnElement[float]:
    # A clock that was set back must not drain what is there.
    passed = case((Bucket.updated_at < now, now - Bucket.updated_at), else_=0)
    rate = bindparam("rate", type_=Float)
    tokens = Bucket.tokens + cast(passed, Float) * rate
    return case((tokens > most, most), else_=tokens)


def forget(node: Node) -> None:
    """Drop the buckets that are full again by now. Safe to call at any time."""
    now = node.now()
    full = (now - _LONGEST - datetime.fromtimestamp(0, tz=now.tzinfo)) // _MILLISECOND
    with node.begin(durable=False) as tx:
        tx.execute(delete(Bucket).where(Bucket.updated_at < full))
