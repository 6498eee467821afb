"""Accounts, what proves whose they are, and the sessions they opened.

No row here lets anybody in by itself: tokens are stored as hashes or MACs only.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Account(Model):
    """What lets one person sign in. Who has none is a guest."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    created_at: Mapped[datetime]
    #: From then on nothing of this account signs anybody in.
    closed_at: Mapped[datetime | None]


class SignIn(Model):
    """One device on which somebody signed in: a session."""

    __tablename__ = "session"

    #: MAC of the token; the token itself is only in the person's browser.
    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    #: Written at most once a minute.
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    method: Mapped[str]
    fresh_until: Mapped[datetime]
    #: Moves on with use; once past, offices rest until the next proof.
    office_until: Mapped[datetime]
    #: The roles held when the token was given out: others need a new token.
    roles: Mapped[str]
    label: Mapped[str]
    revoked_at: Mapped[datetime | None]


class SignInLink(Model):
    """That somebody asked for a link. There is one for strangers too, without use."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index("ix_sign_in_link_asked", "contact_index", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_index: Mapped[bytes]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None]

    #: Empty until the job has found whose contact it is, for strangers for ever.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    contact_id: Mapped[UUID | None]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    code_mac: Mapped[bytes | None]


class Passkey(Model):
    """One public key of an account's authenticator."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    label: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    #: When the counter last went back: the key may have been copied.
    doubted_at: Mapped[datetime | None]


class PasskeyChallenge(Model):
    """What an authenticator was asked to sign. It is gone once answered."""

    __tablename__ = "passkey_challenge"

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    challenge: Mapped[bytes]
    #: Whose new key it is for; None when somebody is signing in.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Model):
    """What a program shows to act for one person, in one role."""

    __tablename__ = "api_token"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    #: Separated by spaces, as OAuth writes them.
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class GrantRow(Model):
    """One role of one person: see `governance.roles`. None is without an end."""

    __tablename__ = "grant_"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    #: `all`, or codes separated by spaces.
    topics: Mapped[str]
    areas: Mapped[str]
    #: As `topics`, the ids of teams; None of before there were any: all of them.
    teams: Mapped[str | None]
    clearance: Mapped[str]
    from_at: Mapped[datetime]
    #: A grant that is ended early ends by moving this moment.
    expires_at: Mapped[datetime]
    #: Who gave it, and ended it early; None where nobody did.
    given_by: Mapped[UUID | None]
    ended_by: Mapped[UUID | None]
