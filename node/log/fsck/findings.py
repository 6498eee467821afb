"""What can be wrong with a log, each under a stable code."""

from dataclasses import dataclass

#: Each code, and what it says to whoever has to mend it.
SENTENCES = {
    "entry.gap": "The entry is missing; what follows it cannot be checked.",
    "entry.unknown": "The entry is neither sealed nor clear.",
    "tile.differs": "The tile (level/number) is missing, or not what its leaves give.",
    "tile.extra": "There are more tiles than the leaves give; the number is how many.",
    "edge.differs": "The edge of the tree is not what the leaves give.",
    "head.differs": "The head is not what the leaves give, or is not signed.",
    "checkpoint.differs": "What was published at this size is not what leaves give.",
    "tag.missing": "The tag of the entry cannot be looked up.",
    "tag.twin": "The entry has a tag that another entry has too.",
    "tag.extra": "There are more tags than published entries; the number is how many.",
    "clear.gap": "The clear entry does not follow the one before it.",
    "past.differs": "What is kept of a log that ended is not what its leaves give.",
    "seal.lost": "The private part (number) belongs to no entry.",
    "seal.differs": "The private part (number) is not what its entry commits to.",
    "chain.differs": "The chain's end is not that of its last entry.",
    "disclosure.differs": "A field of the private part (number) is not the one stated.",
    "erased.remains": "What was erased (chain, entry) is here again: replay erasures.",
    "payload.differs": "The payload of a clear entry is not what it commits to.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where: an index, a size, a number or an id."""

    code: str
    where: str
