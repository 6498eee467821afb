"""A small disk that fills up and is emptied again, under a node that goes on.

Run it inside namespaces of its own, where whoever runs it may mount one:
`unshare --user --map-root-user --mount python -m tests.faults.full_disk FOLDER`.
"""

import json
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

from tests.faults.rig import Mailroom, Rig, running
from tests.faults.standing import Standing, require_reasons
from tests.support.processes import free_port

_SIZE = "24m"
_CHUNK = 1 << 20
_PAGES = ("/", "/ledger", "/ledger/checkpoint", "/ledger/tile/0/000.p/8", "/healthz")


def main(folder: Path) -> None:
    """Fill the disk of a node, empty it, and print what people were answered."""
    disk, smtp = folder / "node", free_port()
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)  # noqa: S603 - our own words, no shell
    rig = Rig(folder, free_port(), smtp)
    with running(rig, Mailroom(smtp)):
        standing, server = Standing(rig), rig.process
        standing.tell(patience=30)
        _fill(disk / "ballast")
        refused = standing.tell(12)
        read = {path: standing.read(path) for path in _PAGES}
        (disk / "ballast").unlink()
        standing.recover()
        assert rig.process == server
        standing.tell(patience=30)
        standing.check()
    require_reasons(refused)
    assert set(read.values()) == {HTTPStatus.OK}, read
    found = {"refused": refused.repeats, "promised": len(standing.promised)}
    sys.stdout.write(json.dumps(found) + "\n")


def _fill(ballast: Path) -> None:
    # To the last byte: less and less at a time.
    with ballast.open("wb", buffering=0) as file:
        size = _CHUNK
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
