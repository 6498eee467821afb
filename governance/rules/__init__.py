"""The bylaws: a community's rules as data, and never as code.

A document counts only after its schema, the floor and the rules between fields
have let it through; what it says is then read as typed values.
"""

from governance.rules.check import check
from governance.rules.load import Json, identity, load
from governance.rules.model import (
    AccessRules,
    Bylaws,
    CaseRules,
    Clock,
    Effect,
    Permission,
    PledgeKind,
    PledgeRule,
    Predicate,
    RetentionRules,
    Role,
    Unit,
)

__all__ = [
    "AccessRules",
    "Bylaws",
    "CaseRules",
    "Clock",
    "Effect",
    "Json",
    "Permission",
    "PledgeKind",
    "PledgeRule",
    "Predicate",
    "RetentionRules",
    "Role",
    "Unit",
    "check",
    "identity",
    "load",
]
