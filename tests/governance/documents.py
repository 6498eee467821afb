"""The shipped bylaws, whole or changed at some places, as the node would read them."""

import json
from copy import deepcopy
from pathlib import Path

from governance import rules

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "governance"
RULES = ROOT / "governance" / "rules"
PRESETS = ("advocacy-hub", "circle", "cooperative", "starter")
REMOVE = "__remove__"


def vector(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def preset(name="cooperative"):
    text = (RULES / "presets" / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


def patched(patch, name="cooperative"):
    document = deepcopy(preset(name))
    for pointer, value in patch.items():
        *folders, last = pointer.removeprefix("/").split("/")
        place = document
        for folder in folders:
            place = place[folder]
        if value == REMOVE:
            del place[last]
        else:
            place[last] = value
    return document


def bylaws(patch=None, name="cooperative"):
    return rules.load(patched(patch or {}, name), SCHEMA)


SCHEMA = json.loads((RULES / "schema.json").read_text(encoding="utf-8"))
