"""Files beside words: checked, redrawn, sealed under a key each, and kept apart.

The bytes stand in a folder or a bucket, the key in the database: destroying the key
is erasure in every copy, and a database without the store shows names of nothing.
"""

from node.files.binding import By, FileLine, add, bind, lines, opener
from node.files.forgetting import forget_case, forget_entry, remove, tidy
from node.files.keeping import JOB, Kept, Upload, as_it_came, keep, let_go, taken
from node.files.packing import packed, unpacked
from node.files.reading import raw

__all__ = [
    "JOB",
    "By",
    "FileLine",
    "Kept",
    "Upload",
    "add",
    "as_it_came",
    "bind",
    "forget_case",
    "forget_entry",
    "keep",
    "let_go",
    "lines",
    "opener",
    "packed",
    "raw",
    "remove",
    "taken",
    "tidy",
    "unpacked",
]
