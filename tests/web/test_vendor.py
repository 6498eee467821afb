import json
from hashlib import sha256
from pathlib import Path

import pytest

from web import assets

LOCK = json.loads((assets.FOLDER / "vendor.lock.json").read_text())["files"]
VENDOR = assets.FOLDER / "vendor"


@pytest.mark.parametrize("row", LOCK, ids=lambda row: row["file"])
def test_a_vendored_file_is_the_one_that_was_looked_at(row):
    found = sha256((VENDOR / row["file"]).read_bytes()).hexdigest()

    assert found == row["sha256"]
    assert row["integrity"].startswith("sha512-")


@pytest.mark.parametrize("row", LOCK, ids=lambda row: row["file"])
def test_its_licence_lies_beside_it(row):
    text = (VENDOR / row["licence_file"]).read_text()

    assert row["licence"] == "OFL-1.1"
    assert "SIL OPEN FONT LICENSE Version 1.1" in text


def test_nothing_is_vendored_without_a_row():
    known = {row["file"] for row in LOCK} | {row["licence_file"] for row in LOCK}

    assert {path.name for path in Path(VENDOR).iterdir()} == known
