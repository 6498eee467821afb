"""When the published log is copied to a folder or a bucket, and that one does it."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from node import jobs
from node.core import Node, outside
from node.errors import BadSetting
from node.log import copying
from node.log.bucket import SCHEME, Bucket
from node.log.folder import Folder
from node.log.reading import published

JOB = "ledger.export"
#: A path, and what stands there.
File = tuple[str, bytes]


def target(where: str) -> copying.Target:
    """Return the folder or the bucket under an address."""
    if where.startswith(f"{SCHEME}://"):
        return Bucket(where)
    if "://" in where:
        raise BadSetting(f"{where} is no place for a log: name a folder, or s3://...")
    return Folder(Path(where))


def ask(node: Node, tx: Session, size: int) -> None:
    """Let what is published be exported, if the operator wants that.

    Asked at each publication, and again when a witness's line joined the checkpoint.
    """
    if node.settings.ledger_export:
        _ask(node, tx, size)


def export(node: Node, subject: str) -> None:
    """Bring the export up to the published size, as far as one turn goes."""
    with node.read() as tx:
        newest = published(tx).size
    if int(subject) < newest:
        return  # the newer publication has a job of its own
    to = target(node.settings.ledger_export)
    with _turn(node, wait=False):
        copying.finish(node, to)
        reached = copying.go_on(node, to)
    if reached < newest:
        with node.begin() as tx:
            _ask(node, tx, newest)


def _ask(node: Node, tx: Session, size: int) -> None:
    # The same size may have to be written again, so each question is one of its own.
    now = node.now()
    asked = f"{JOB}/{size}/{now.isoformat()}/{node.dice(8).hex()}"
    jobs.put(node, tx, jobs.Asked(JOB, str(size), run_at=now, dedupe_key=asked))


def publish_to(
    node: Node, where: str, pages: Callable[[], Iterable[File]] = tuple
) -> int:
    """Bring a folder or bucket up to the published size; return that size.

    `pages` are made when the log is there, and put beside it; they may be newer.
    """
    to = target(where)
    with _turn(node, wait=True):
        _catch_up(node, to)
        for path, data in pages():
            outside()
            if to.get(path) != data:
                to.put(path, data)
        # What the pages speak of may have been published meanwhile.
        return _catch_up(node, to)


def _catch_up(node: Node, to: copying.Target) -> int:
    copying.finish(node, to)
    with node.read() as tx:
        newest = published(tx).size
    reached = -1
    while reached < newest:
        reached = copying.go_on(node, to)
    return reached


@contextmanager
def _turn(node: Node, *, wait: bool) -> Iterator[None]:
    # Two who write at once could move the checkpoint back.
    handle = os.open(node.settings.data / "export.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    except BlockingIOError as error:
        raise jobs.Later("export.busy") from error
    finally:
        os.close(handle)
