"""An account that ends: from then on nobody gets in by it."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from node import jobs
from node.core import Node
from node.holding.rows import WAITS
from node.models.accounts import (
    Account,
    ApiToken,
    Passkey,
    PasskeyChallenge,
    SignIn,
    SignInLink,
)

#: All that somebody told, and who they were, goes after their account.
JOB = WAITS
_WAYS_IN = (SignIn, SignInLink, PasskeyChallenge, Passkey, ApiToken)


def close(node: Node, tx: Session, person_id: UUID) -> bool:
    """Drop somebody's account and owe the rest; return whether there was one.

    Safe to repeat: after a restore the journal asks for it again.
    """
    mine = select(Account).where(Account.person_id == person_id)
    account = tx.scalar(mine.with_for_update())
    if account is None:
        return False
    for model in _WAYS_IN:
        tx.execute(delete(model).where(model.account_id == account.id))
    tx.delete(account)
    jobs.put(node, tx, jobs.Asked(JOB, str(person_id), node.now()))
    return True
