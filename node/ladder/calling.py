"""Somebody is in danger, as triage found: those who share out the case hear at once."""

from uuid import UUID

from sqlalchemy import select

from node.cases import DANGER
from node.cases.hand import by_rule
from node.core import Node
from node.ladder import telling
from node.models.notices import Notice


def call(node: Node, case_id: str) -> None:
    """Tell whoever can give the case to somebody, at any hour. Safe to call twice."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        told = select(Notice.id).where(
            Notice.case_id == UUID(case_id), Notice.kind == DANGER
        )
        if hand is not None and tx.scalar(told.limit(1)) is None:
            telling.danger(hand)
