"""A bench to check receipts on: a folder with the verifier and nothing of the node."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What a verifier that did not come to an end raises.
Broken = subprocess.SubprocessError


@contextmanager
def laid() -> Iterator[Path]:
    """Lay out a copy of `ledger/` in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Path(__file__).parents[2] / "ledger"
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ours, Path(folder) / "ledger", ignore=skip)
        yield Path(folder)


def verify(on: Path, files: list[Path]) -> subprocess.CompletedProcess[str]:
    """Run the stand-alone verifier over some files, as anybody would."""
    names = [path.name for path in files]
    return subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-m",
            "ledger",
            "verify",
            "--json",
            "--policy",
            "policy",
            *names,
        ],
        cwd=on,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
