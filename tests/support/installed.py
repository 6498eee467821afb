"""What the tests need besides Python: where it is, and how to get it.

Nothing is looked for on the network before it was looked for on this machine, and
nothing that cannot be had is passed over in silence.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NPM = ROOT / "build" / "npm"
AXE = NPM / "node_modules" / "axe-core" / "axe.min.js"
AXE_VERSION = "4.14.1"
#: The peer of another make, and the JavaScript it runs on, as its lock file has them.
FEDIFY = ROOT / "tests" / "peers" / "fedify"
FEDIFY_MODULES = FEDIFY / "node_modules"
#: The other implementation of a log's formats, in an environment of its own.
AICS = ROOT / "tests" / "peers" / "aics"
AICS_HOME = ROOT / "build" / "aics"
AICS_PYTHON = AICS_HOME / "bin" / "python"
OLDEST_POSTGRES = 15
POLICY = Path("/usr/sbin/policy-rc.d")


class Missing(Exception):  # noqa: N818 - it says what is missing
    """Something that a test needs is not on this machine; the text says what."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing the tests need."""

    name: str
    #: Says where it is, or raises `Missing`.
    find: Callable[[], Path]
    #: The Debian packages that bring it.
    packages: tuple[str, ...]


def postgres_bin() -> Path:
    """Return the folder with `initdb` and `postgres`, of the newest version here."""
    found = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and folder.parent.name.isdigit()
    }
    newest = max(found, default=0)
    if newest >= OLDEST_POSTGRES:
        return found[newest]
    return _program("initdb", "postgres").parent


def redis_server() -> Path:
    """Return the Redis server's program."""
    return _program("redis-server", "valkey-server")


def rabbitmq_server() -> Path:
    """Return RabbitMQ's own start script: Debian's wrapper insists on its own user."""
    own = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return own if own.exists() else _program("rabbitmq-server")


def strace() -> Path:
    """Return the program that lets system calls fail."""
    return _program("strace")


def chromium_path() -> Path:
    """Return the browser that page tests drive."""
    given = os.environ.get("FOLKMOOT_TEST_CHROMIUM")
    if given:
        return Path(given)
    return _program("chromium", "chromium-browser", "google-chrome")


def cjk_font() -> Path:
    """Return a font with Chinese glyphs: without one a page test sees only boxes."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    for folder in folders:
        for font in sorted(folder.rglob("NotoSansCJK*")):
            return font
    raise Missing("a font with Chinese glyphs (Noto Sans CJK)")


def axe_source() -> str:
    """Return the script that checks pages for accessibility."""
    if not AXE.exists():
        raise Missing(f"axe-core {AXE_VERSION}; `make servers` fetches it from npm")
    return AXE.read_text(encoding="utf-8")


def fedify_node() -> Path:
    """Return the JavaScript runtime that the Fedify peer brings along."""
    for found in sorted(FEDIFY_MODULES.glob("node-*-*/bin/node")):
        if (FEDIFY_MODULES / "@fedify" / "fedify").exists():
            return found
    raise Missing("the Fedify peer; `make servers` fetches it from npm")


def aics_python() -> Path:
    """Return the Python that has the other implementation of a log's formats."""
    if not (AICS_HOME / "done").exists():
        raise Missing("aics-tlog and aics-witness; `make servers` fetches them")
    return AICS_PYTHON


def _program(*names: str) -> Path:
    for name in names:
        for folder in (None, "/usr/sbin:/usr/local/sbin:/sbin"):
            found = shutil.which(name, path=folder)
            if found:
                return Path(found)
    raise Missing(f"the program {' or '.join(names)}")


NEEDS = (
    Need("PostgreSQL", postgres_bin, ("postgresql",)),
    Need("Redis", redis_server, ("redis-server",)),
    Need("RabbitMQ", rabbitmq_server, ("rabbitmq-server",)),
    Need("epmd", lambda: _program("epmd"), ("erlang-base",)),
    Need("Chromium", chromium_path, ("chromium",)),
    Need("strace", strace, ("strace",)),
    Need("Noto Sans CJK", cjk_font, ("fonts-noto-cjk",)),
    Need("npm", lambda: _program("npm"), ("nodejs", "npm")),
)


def install() -> list[str]:
    """Install what is missing where that is possible; return what is still missing."""
    packages = [package for need in NEEDS if _lacks(need) for package in need.packages]
    if packages:
        _apt(packages)
    problems = [problem for need in NEEDS if (problem := _lacks(need))]
    if not AXE.exists():
        problems += _axe()
    if _is_stale(FEDIFY):
        problems += _fedify()
    return problems + _aics()


def _lacks(need: Need) -> str:
    try:
        _say(f"{need.name}: {need.find()}")
    except Missing as missing:
        hint = f"apt-get install {' '.join(need.packages)}"
        return f"{need.name}: this machine lacks {missing}; on Debian: {hint}"
    return ""


def _apt(packages: list[str]) -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    ours = not POLICY.exists()
    if ours:  # Debian starts what it installs; the tests start their own
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        _run(apt, "update", "-q", env=quiet)
        _run(
            apt, "install", "-y", "-q", "--no-install-recommends", *packages, env=quiet
        )
    finally:
        if ours:
            POLICY.unlink()


def _axe() -> list[str]:
    try:
        npm = _program("npm")
    except Missing:
        return [f"axe-core {AXE_VERSION}: needs npm"]
    NPM.mkdir(parents=True, exist_ok=True)
    safe = ("--ignore-scripts", "--no-save", "--no-audit", "--no-fund")
    _run(str(npm), "install", *safe, "--prefix", str(NPM), f"axe-core@{AXE_VERSION}")
    return [] if AXE.exists() else [f"axe-core {AXE_VERSION}: npm did not bring it"]


def _is_stale(project: Path) -> bool:
    # npm leaves a copy of the lock it installed by.
    copy, lock = project / "node_modules/.package-lock.json", "package-lock.json"
    return not copy.exists() or copy.stat().st_mtime < (project / lock).stat().st_mtime


def _fedify() -> list[str]:
    try:
        npm = _program("npm")
    except Missing:
        return ["the Fedify peer: needs npm"]
    # No script of a package runs: what is needed comes as files with known digests.
    safe = ("--ignore-scripts", "--no-audit", "--no-fund")
    _run(str(npm), "ci", *safe, "--prefix", str(FEDIFY))
    try:
        fedify_node()
    except Missing:
        return ["the Fedify peer: npm did not bring it"]
    return []


def _aics() -> list[str]:
    lock, done = AICS / "requirements.lock", AICS_HOME / "done"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return []
    _run(sys.executable, "-m", "venv", str(AICS_HOME))
    # They say that they need Python 3.12. What is installed is what the lock names.
    safe = ("--no-deps", "--require-hashes", "--ignore-requires-python")
    pip = (str(AICS_PYTHON), "-m", "pip", "install", "-q", *safe)
    _run(*pip, "-r", str(lock))
    if not next(AICS_HOME.glob("lib/*/site-packages/aics_witness"), None):
        return ["aics-tlog and aics-witness: pip did not bring them"]
    done.touch()
    return []


def _run(*command: str, env: Mapping[str, str] | None = None) -> None:
    _say("$ " + " ".join(command))
    subprocess.run(  # noqa: S603 - our own words, no shell
        command, check=False, env={**os.environ, **(env or {})}
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
