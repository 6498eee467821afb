"""Log lines: a constant code, and fields of a closed list. Never anybody's words.

An exception is its type and our own frames; its text may hold content, so it is
left out.
"""

import logging
import sys
from collections.abc import MutableMapping
from traceback import extract_tb
from types import TracebackType
from typing import Any

import structlog

#: What a line may say beside its code.
FIELDS = frozenset(
    {
        "attempt", "code", "event", "frames", "job", "kind", "level", "method", "ms",
        "n", "origin", "problem", "request_id", "route", "rule", "size", "status",
        "ts", "who",
    }
)  # fmt: skip
_LONGEST = 200


def start(level: int = logging.INFO) -> None:
    """Send our lines, as JSON, to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="ts"),
            _closed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    # It names addresses when an answer cannot be read.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)


def _to_standard_error(*_names: object) -> structlog.PrintLogger:
    # Looked up at each line: where the stream is replaced, the lines go along.
    return structlog.PrintLogger(sys.stderr)


def _closed(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name in set(line) - FIELDS:
        del line[name]
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = value[:_LONGEST]
    return line


def log() -> Any:
    """Return the logger. Call it with a constant code and the fields above."""
    return structlog.get_logger()


def frames(trace: TracebackType | None) -> str:
    """Return where in our own code something went wrong, without what it said."""
    ours = ("federation", "governance", "ledger", "node", "web")
    return " ".join(
        f"{frame.filename.rsplit('/', 2)[-2]}/{frame.filename.rsplit('/', 1)[-1]}"
        f":{frame.lineno}"
        for frame in extract_tb(trace)
        if any(f"/{folder}/" in frame.filename for folder in ours)
    )[-_LONGEST:]
