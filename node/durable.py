"""What a folder has in it, on disk: a new name is lost in a power cut until then."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Return once the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
