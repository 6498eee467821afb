"""A browser, and a community of ours on this machine for it to visit."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.browser import walk
from tests.browser.asking import PAGE
from tests.house.reading import ROOT
from tests.support import installed
from tests.support.processes import free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LONGEST_START = 60
_LONGEST_STEP = 30_000  # milliseconds: on a busy machine, the last of many steps
expect.set_options(timeout=_LONGEST_STEP)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test here use sockets: a browser is nothing without them."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.network)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


@dataclass
class Town:
    """A running community: where it is, and what it mailed."""

    url: str
    folder: Path

    def mail(self, to: str, after: int = 0) -> str:
        """Return the newest message to somebody, as soon as it is there."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found = sorted((self.folder / "mail").glob(f"*-{to}.eml"))
            if len(found) > after:
                return found[-1].read_text()
            time.sleep(0.1)
        pytest.fail(f"no message to {to}")

    def mails(self, to: str) -> int:
        """Return how many messages somebody got."""
        return len(list((self.folder / "mail").glob(f"*-{to}.eml")))


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("town"), free_port()
    command = [sys.executable, "-m", "tests.browser.town", str(folder), str(port)]
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            command, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _await(process, port, folder / "server.log")
            yield Town(f"http://localhost:{port}", folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _await(process: subprocess.Popen, port: int, log: Path) -> None:
    until = time.monotonic() + _LONGEST_START
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the town did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium():
    try:
        program = installed.chromium_path()
    except installed.Missing as missing:
        pytest.fail(f"this machine lacks {missing}; `make servers` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe():
    try:
        return installed.axe_source()
    except installed.Missing as missing:
        pytest.fail(f"this machine lacks {missing}")


@dataclass
class Visit:
    """One browser window of somebody; it notes what should never happen."""

    town: Town
    context: BrowserContext
    page: Page
    troubles: list[str]

    def open(self, path: str) -> Page:
        """Go to a page of the town."""
        self.page.goto(self.town.url + path)
        return self.page


def visit(chromium: Browser, town: Town, **wishes) -> Visit:
    """Open a window."""
    context = chromium.new_context(base_url=town.url, **wishes)
    context.set_default_timeout(_LONGEST_STEP)
    page, troubles = context.new_page(), []
    context.on(
        "request",
        lambda request: (
            request.url.startswith((town.url, "data:", "blob:"))
            or troubles.append(f"asked elsewhere: {request.url}")
        ),
    )
    page.on(
        "console", lambda line: _is_trouble(line, page) and troubles.append(line.text)
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    return Visit(town, context, page, troubles)


def _is_trouble(line: ConsoleMessage, page: Page) -> bool:
    # A page that says no, with a status that says so too, is no trouble.
    refused = "status of 4" in line.text and line.location["url"] == page.url
    return line.type in {"error", "warning"} and not refused


@pytest.fixture
def window(chromium, town):
    """Opens windows, and closes them; nothing odd may have happened in them."""
    opened = []

    def open_window(**wishes) -> Visit:
        opened.append(visit(chromium, town, **wishes))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
        assert one.troubles == []


@pytest.fixture(scope="module")
def opened(chromium, town):
    """The page of the verifier, for tests that call its modules."""
    window = visit(chromium, town)
    yield window.open(PAGE)
    window.context.close()
    assert window.troubles == []


@pytest.fixture(scope="session")
def kept(chromium, town, tmp_path_factory):
    window = visit(chromium, town)
    window.open(PAGE)
    with window.page.expect_download() as download:
        walk.press(window.page, "Save verify.html")
    file = tmp_path_factory.mktemp("kept") / download.value.suggested_filename
    download.value.save_as(file)
    window.context.close()
    assert file.name == "verify.html"
    return file.as_uri()


@pytest.fixture
def alone(chromium, kept):
    """A window with the file open, and no network."""
    context = chromium.new_context(offline=True)
    page, troubles = context.new_page(), []
    page.on("console", lambda line: troubles.append(line.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    context.on("request", lambda it: it.url == kept or troubles.append(it.url))
    page.goto(kept)
    yield page
    context.close()
    assert troubles == []


#: What the tests call of the file's script, which itself exports nothing.
_CALLED = (
    "unb64, unb64u, b64u, hex, latin1, utf8, sha256, canonical, parseVkey, "
    "parsePolicy, leafFor, unbundle, verify, judge, verifyThread, openArchive"
)
_JOIN = """(called) => {
  const script = document.querySelector("script").textContent;
  document.body.innerHTML =
    "<template data-verifier></template><p data-check></p><p data-unable></p>";
  const parts = [script, `export { ${called} };`];
  return URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
}"""


@pytest.fixture(scope="module")
def joined(chromium, kept):
    """A page, and where the one script of the file is, for tests to call."""
    context = chromium.new_context(offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto(kept)
    yield page, page.evaluate(_JOIN, _CALLED)
    context.close()
