"""The log of reads as a sheet: no cell of it is a formula, whatever stands in it."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import datetime
from io import StringIO

from node.access.audit import AuditLine

#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(lines: Iterable[AuditLine]) -> str:
    """Return lines as CSV, with a header."""
    written = StringIO()
    made = csv.writer(written)
    made.writerow([field.name for field in fields(AuditLine)])
    made.writerows([[cell(value) for value in astuple(line)] for line in lines])
    return written.getvalue()


def cell(value: object) -> str:
    """Return what stands in a cell; a quote before what would be computed."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
