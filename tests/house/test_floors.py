import re
from importlib.metadata import distributions

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.reading import ROOT, listed, text

FLOORS = listed("floors.toml")
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
#: Forbidden by licence (html2text) or by their history of holes.
NEVER = {"flask-caching", "flower", "html2text", "pyjwt", "python-jose"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_is_below_a_floor(lock):
    low = [
        f"{package} {version}"
        for package, version in pinned(lock).items()
        if package in FLOORS and not holds(package, version)
    ]

    assert not low


def test_nothing_installed_is_below_a_floor():
    low = [
        f"{package} {version}"
        for package, version in installed().items()
        if package in FLOORS and not holds(package, version)
    ]

    assert not low


def test_what_runs_is_what_the_lock_names():
    lock, here = pinned(ROOT / "requirements.lock"), installed()

    assert {
        package: (version, here[package])
        for package, version in lock.items()
        if package in here and here[package] != version
    } == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_no_address(lock):
    words = text(lock)
    blocks = re.split(r"\n(?=\S)", words.strip())

    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in words
    assert "index" not in re.sub(PINNED, "", words)


def test_the_program_and_its_tests_are_locked_to_the_same_versions():
    runtime, whole = (pinned(lock) for lock in LOCKS)

    assert runtime.items() <= whole.items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_holds_what_must_never_be_installed(lock):
    assert not NEVER & pinned(lock).keys()


def test_every_floor_says_why():
    assert all(row["because"] for row in FLOORS.values())


def holds(package, version):
    row = FLOORS[package]
    if Version(version) < Version(row["floor"]):
        return False
    return "below" not in row or Version(version) < Version(row["below"])


def pinned(lock):
    return {canonicalize_name(found): at for found, at in PINNED.findall(text(lock))}


def installed():
    return {
        canonicalize_name(one.metadata["Name"]): one.version for one in distributions()
    }
