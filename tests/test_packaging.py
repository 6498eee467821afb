import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions

import pytest

from tests.house.reading import CODE, ROOT, kept, name

OURS = ["folkmoot", "federation", "governance", "ledger", "node", "web"]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
#: What the program reads beside its modules.
CARRIED = [
    path.relative_to(ROOT).as_posix()
    for path in kept()
    if path.relative_to(ROOT).parts[0] in OURS and path.suffix != ".py"
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return built("sdist", tmp_path_factory.mktemp("sdist"))


@pytest.mark.parametrize("package", OURS)
def test_no_other_distribution_installs_this_package(package):
    assert set(packages_distributions().get(package, [])) <= {"folkmoot"}


def test_the_wheel_holds_the_program_and_all_it_reads(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())

    assert {name(path) for path in CODE} | set(CARRIED) <= held


def test_the_wheel_holds_nothing_else(wheel):
    tops = {path.split("/")[0] for path in zipfile.ZipFile(wheel).namelist()}

    assert tops == {*OURS, f"folkmoot-{VERSION}.dist-info"} - {"folkmoot"} | {
        "folkmoot.py"
    }


def test_a_wheel_can_be_made_from_the_sdist(sdist, tmp_path):
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path, filter="data")

    made = built("wheel", tmp_path / "out", at=tmp_path / f"folkmoot-{VERSION}")

    assert {name(path) for path in CODE} <= set(zipfile.ZipFile(made).namelist())


def test_the_installed_program_starts_from_anywhere(wheel, tmp_path):
    program = installed(wheel, tmp_path)

    said = run([program, "--version"], at="/", env=bare(tmp_path))

    assert VERSION in said


def test_the_verifier_starts_with_nothing_but_the_ledger(tmp_path):
    (tmp_path / "ledger").symlink_to(ROOT / "ledger")

    said = run(
        [sys.executable, "-m", "ledger", "--help"], at=tmp_path, env=bare(tmp_path)
    )

    assert "verify" in said


def built(kind, folder, at=ROOT):
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder]
    run(command, at=at, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return next(folder.iterdir())


def installed(wheel, folder):
    # Without network: what the wheel needs is lent by the environment of the tests.
    home = folder / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    run([*pip, "install", "-q", "--no-deps", "--no-index", wheel], at=folder)
    place = next((home / "lib").glob("python*")) / "site-packages"
    (place / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "folkmoot"


def run(command, *, at, env=None):
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        command, cwd=at, env=env, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bare(folder):
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
