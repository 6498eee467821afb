"""Who read a case and what left, for programs."""

from typing import Any

from flask import Response

from node import access
from web import current
from web.api.operations import Shape, Slice, operation
from web.schemas.api import access as schemas

slice_ = Slice("access", "Who read a case, who may, and what left.")


@operation(
    slice_,
    "GET",
    "/cases/<ref>/sharing",
    Shape(gives=schemas.SharingShown, takes=schemas.Before, where="query"),
)
def sharing(asked: dict[str, Any], ref: str) -> object | Response:
    """Return who read a case, newest first; `before` goes on after a line."""
    node, who = current.node(), current.visitor()
    return access.sharing(node, ref, by=who, before=asked["before"])


@operation(
    slice_,
    "GET",
    "/audit",
    Shape(gives=schemas.AuditShown, takes=schemas.Sought, where="query"),
)
def audit(asked: dict[str, Any]) -> object | Response:
    """Return the newest reads of what is not everybody's: names for stewards only."""
    sought = access.Sought(**asked)
    return access.audit(current.node(), sought, by=current.visitor())
