"""What cases are about: the topics a new community starts with."""

#: Codes; their names are translated where they are shown.
STARTER = (
    "housing",
    "benefits",
    "work",
    "debt",
    "health",
    "services",
    "transport",
    "discrimination",
    "other",
)
#: What a case is about before somebody looked.
UNSORTED = "unsorted"
