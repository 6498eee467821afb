"""From an empty folder to a node: keys, database, community, rules, first people.

Nothing that is there is ever overwritten; a folder that holds a community refuses.
"""

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID

from sqlalchemy.orm import Session

from governance.errors import WrongState
from governance.people import Contact, ContactKind
from node import (
    actors,
    assembly,
    beside,
    governance,
    grants,
    keys,
    log,
    migrate,
    people,
)
from node.accounts import open_account
from node.core import Node
from node.ids import new_id
from node.models import start as rows
from node.models.accounts import Account, GrantRow
from node.models.areas import Area
from node.settings import Settings
from node.start.answers import Answers, Founder, read_answers

#: How long what founders were given lasts; then the members elect.
FOUNDERS_TERM = timedelta(days=180)
_FOLDER_MODE = 0o700


def init(settings: Settings, answers: Mapping[str, object] | None) -> Node:
    """Make a node in its folder; with answers its doors are open at once.

    Without, `setup_url` tells where they are asked. Safe to call again after a
    crash: what was made stays as it is.
    """
    given = None if answers is None else read_answers(answers)
    settings.data.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    settings.data.chmod(_FOLDER_MODE)
    # First, because it refuses where a database was lost: keys are no help then.
    migrate.upgrade(settings)
    keys.create(settings.keys_folder, token_bytes)
    node = assembly.assemble(settings)
    found(node, given)
    return node


def found(node: Node, answers: Answers | None) -> None:
    """Begin the community and its ledger; with answers, open its doors too."""
    with node.begin() as tx:
        row = tx.get(rows.Community, 1, with_for_update=True)
        if row is not None and (answers is None or row.opened_at is not None):
            raise WrongState("This folder already holds a community.")
        if row is None:
            beside.require_none(node.settings)
            row = unnamed(node)
            tx.add(row)
            log.found(node, tx)
        if answers is not None:
            settle(node, tx, row, answers)


def unnamed(node: Node) -> rows.Community:
    """Return a community that nobody has said anything about yet."""
    return rows.Community(
        id=1,
        name=node.settings.hostname,
        slug="community",
        prefix="XX",
        language="en",
        zone="Etc/UTC",
        preset="",
        mail="",
        phone="",
        sms="",
        place="",
        created_at=node.now(),
        followers="open",
    )


def settle(node: Node, tx: Session, row: rows.Community, answers: Answers) -> Account:
    """Open the doors as answered, for good; return the first steward's account."""
    for name in ("name", "slug", "prefix", "language", "zone", "preset"):
        setattr(row, name, getattr(answers, name))
    for name in ("mail", "phone", "sms", "place"):
        setattr(row, name, getattr(answers, name))
    row.opened_at, row.setup_hash, row.setup_until = node.now(), None, None
    governance.adopt(
        node, tx, answers.preset, zone=answers.zone, language=answers.language
    )
    tx.add_all(Area(code=code, name=name) for code, name in answers.areas.items())
    steward, *_ = [
        _arrive(node, tx, founder, answers.language)
        for founder in (answers.steward, *answers.people)
    ]
    # Keys take a while to make: never while somebody waits for a page.
    actors.ask(node, tx, "opened")
    return steward


def _arrive(node: Node, tx: Session, founder: Founder, language: str) -> Account:
    person_id = people.add(node, tx, people.Newcomer(language, founder.name))
    # Whoever sets the node up vouches for these addresses: there is nobody else yet.
    contact = Contact(ContactKind.EMAIL, founder.mail)
    people.add_contact(node, tx, person_id, contact, verified=True)
    for role in founder.roles:
        _grant(node, tx, person_id, role)
    tx.flush()
    return open_account(node, tx, person_id)


def _grant(node: Node, tx: Session, person_id: UUID, role: str) -> None:
    now = node.now()
    row = GrantRow(
        id=new_id(node),
        person_id=person_id,
        role=role,
        topics="all",
        areas="all",
        clearance="",
        from_at=now,
        expires_at=now + FOUNDERS_TERM,
    )
    tx.add(row)
    grants.plan(node, tx, row)
