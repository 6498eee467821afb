"""Witnesses: the logs we cosign, who cosigns ours, and what proves that a log lied."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Visited:
    """Somebody who is asked over the network: by one of us at a time, in good time."""

    #: Below it what is asked is found; what it is differs.
    url: Mapped[str]
    next_at: Mapped[datetime]
    #: How often in a row it went wrong, with the one that is under way.
    tries: Mapped[int]
    #: Until when somebody is at it; also the token of whoever is.
    lease_until: Mapped[datetime | None]
    #: Why the last time was in vain; empty if it was not.
    problem: Mapped[str]


class WitnessLog(Visited, Model):
    """A log of somebody else that this node cosigns, and how far it did.

    Its size is moved by compare-and-set, and stands on disk before anybody hears of it.
    """

    __tablename__ = "witness_log"

    origin: Mapped[str] = mapped_column(primary_key=True)
    #: The keys that may sign for it, one a line.
    vkeys: Mapped[str]
    #: What was cosigned last; None before the first time.
    size: Mapped[int | None]
    root: Mapped[bytes | None]
    #: The checkpoint of that size, with the log's signature and ours.
    note: Mapped[bytes | None]
    #: When it was proven to tell two histories; nothing is cosigned for it since.
    caught_at: Mapped[datetime | None]


class WitnessEvidence(Model):
    """A body that a log signed and this node refused, and what it had cosigned then."""

    __tablename__ = "witness_evidence"
    __table_args__ = (Index("ix_witness_evidence_origin", "origin"),)

    #: SHA-256 of the body: the same one is kept once.
    id: Mapped[bytes] = mapped_column(primary_key=True)
    origin: Mapped[str]
    body: Mapped[bytes]
    #: The note we held; None where nothing had been cosigned.
    held: Mapped[bytes | None]
    #: `split`, `rewrite` or `unproven`.
    reason: Mapped[str]
    at: Mapped[datetime]


class LedgerWitness(Visited, Model):
    """Somebody who cosigns our log, and how far that went."""

    __tablename__ = "ledger_witness"

    vkey: Mapped[str] = mapped_column(primary_key=True)
    #: The largest size it is known to have cosigned.
    size: Mapped[int]
    #: When to ask what it has seen of our log; None once it has said so.
    ask_at: Mapped[datetime | None]
    #: The size after which too few cosigned, when stewards were told so last.
    told: Mapped[int | None]


class LedgerCosignature(Model):
    """A witness's line under one published checkpoint, checked."""

    __tablename__ = "ledger_cosignature"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vkey: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[bytes]
    #: When it saw that checkpoint, by its own clock.
    at: Mapped[datetime]


class Mirror(Visited, Model):
    """What this node keeps of a log that it cosigns, for the day it is lost there."""

    __tablename__ = "mirror"

    origin: Mapped[str] = mapped_column(primary_key=True)
    #: What was computed again from the entries, and cosigned; None before that.
    note: Mapped[bytes | None]
    size: Mapped[int]
    #: How many entries are here; those beyond the size are not checked yet.
    fetched: Mapped[int]
    #: How many bytes of entries are here.
    weight: Mapped[int]


class MirrorTile(Model):
    """A tile or, at level -1, an entry bundle of a log that is mirrored."""

    __tablename__ = "mirror_tile"

    origin: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes]


class MirrorTag(Model):
    """Where a tag stands in a log that is mirrored, for who looks it up here."""

    __tablename__ = "mirror_tag"
    __table_args__ = ({"sqlite_with_rowid": False},)

    origin: Mapped[str] = mapped_column(primary_key=True)
    #: A log that cheats may have one twice.
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
