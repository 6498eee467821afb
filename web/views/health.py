"""Whether the process is up, and whether the node can work.

For machines that start and stop containers: they learn a word, never a reason.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from node import work
from web import current

blueprint = Blueprint("health", __name__)

_UNREADY = 503


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether database, ledger and jobs are in order."""
    health = work.health(current.node())
    if health.ready:
        return {"status": "ok"}
    return {"status": "unready"}, _UNREADY
