"""The code's syntax, read once by all who ask it, and no burden to who comes later."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _all_is_kept() -> Iterator[None]:
    """Look for no garbage in millions of things that `reading` keeps to the end."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
