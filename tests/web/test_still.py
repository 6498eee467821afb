"""The pages of the ledger as files, and an outsider who has nothing but those."""

import json
import re
import shutil
from base64 import b64decode
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
import structlog

from ledger import audit as audits
from ledger import checkpoint, cosignature, note, policy, tiles
from node import log, witness
from node.demo import bench
from node.models.log import LedgerPayload
from tests.support import hosts
from tests.support.cast import Moot, moot_on
from tests.support.commands import typed
from tests.support.logs import announce, grow, receipts
from web import still
from web.app import create_app

MANY = 600


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A log of three tiles, with receipts, open entries and a witness."""
    with moot_on("", tmp_path_factory.mktemp("log")) as moot:
        moot.tell()
        announce(moot.node)
        birch = moot.village.found("https://birch.example")
        moot.village.roads.lead_to(birch)
        name_each_other(moot.node, birch)
        grow(moot.village, moot.node, MANY)
        feed(moot.node)
        yield moot


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path / "node") as found:
        yield found


def name_each_other(ash, birch):
    for ours, theirs in ((ash, birch), (birch, ash)):
        keys = log.keys(theirs)
        witness.add(ours, keys["log"][0])
        witness.add(ours, keys["witness"])


def feed(node):
    for name in witness.due(node):
        witness.run(node, name)


@pytest.fixture(scope="module")
def copy(grown, tmp_path_factory):
    """The copy that the command makes."""
    folder = tmp_path_factory.mktemp("copy") / "ledger"
    said = typed(grown, "ledger", "publish", str(folder))
    structlog.reset_defaults()
    assert (said.exit_code, said.stdout) == (0, ""), said.output
    return folder


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.scripts = [], set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.scripts += tag == "script"
        self.ids.add(given.get("id"))
        if tag in {"a", "link", "script", "img"}:
            self.links += [given[it] for it in ("href", "src") if it in given]


def pages(folder):
    return {path: _Page(path.read_text()) for path in folder.rglob("*.html")}


def test_every_link_of_every_page_leads_to_a_file_of_the_copy(copy):
    found = pages(copy)
    led = 0
    for path, page in found.items():
        for link in page.links:
            address, mark = urldefrag(link)
            if address.startswith("data:"):
                continue
            assert not urlsplit(address).scheme, (path, link)
            assert not address.startswith("/"), (path, link)
            target = (path.parent / unquote(address)).resolve() if address else path
            assert target.is_file(), (path, link)
            assert not mark or mark in found[target].ids, (path, link)
            led += 1
    assert led > 100


def test_only_the_verifier_has_a_script_and_nothing_is_sent(copy):
    for path, page in pages(copy).items():
        if path.name != "verify.html":
            assert page.scripts == 0
            assert "<form" not in path.read_text()


def test_every_entry_is_shown_once_with_all_its_bytes(grown, copy):
    size = log.status(grown.node).size
    shown = {}
    for path in (copy / "entries").iterdir():
        text = path.read_text()
        for index in re.findall(r'<section class="rule" id="e([0-9]+)">', text):
            assert int(index) not in shown
            shown[int(index)] = text
    assert sorted(shown) == list(range(size))
    for index in (0, 1, 255, 256, size - 1):
        assert log.entry(grown.node, index).leaf in shown[index]


def test_the_copy_says_what_the_pages_of_the_node_say(grown, copy):
    client = create_app(grown.node, testing=True).test_client()
    for name in ("keys", "audit"):
        live = client.get(f"/ledger/{name}", base_url="https://ash.example").text
        still_page = (copy / f"{name}.html").read_text()
        for words in re.findall(r"<dd[^>]*>([^<]+)<", live):
            assert words in still_page
    index = (copy / "index.html").read_text()
    assert log.status(grown.node).root in index
    assert "1 witness has signed this seal." in index
    assert "birch.example/witness" in (copy / "witnesses.html").read_text()
    for name in ("keys.json", "policy"):
        live = client.get(f"/ledger/{name}", base_url="https://ash.example").data
        assert (copy / name).read_bytes().strip() == live.strip()


def test_what_a_page_offers_of_an_open_entry_goes_when_it_is_erased(moot, tmp_path):
    commitment = announce(moot.node)
    raw = kept(moot.node, commitment)
    grow(moot.village, moot.node, 0)
    out = str(tmp_path / "out")
    log.publish_to(moot.node, out, lambda: still.pages(create_app(moot.node)))
    before = (tmp_path / "out" / "clear.html").read_text()

    with moot.node.begin() as tx:
        tx.delete(tx.get_one(LedgerPayload, commitment))
    log.publish_to(moot.node, out, lambda: still.pages(create_app(moot.node)))

    link = re.search(r'href="(data:[^"]*)"', before)[1]
    assert b64decode(link.partition(",")[2]) == raw
    files = [path.read_text() for path in (tmp_path / "out").rglob("*.html")]
    assert not [text for text in files if link in text]
    assert "Erased. The entry stays" in (tmp_path / "out" / "clear.html").read_text()


def kept(node, commitment):
    with node.read() as tx:
        row = tx.get_one(LedgerPayload, commitment)
        return bytes(row.salt + row.data)


def test_many_open_entries_are_on_pages_that_lead_on(moot):
    for _ in range(70):
        announce(moot.node)
    grow(moot.village, moot.node, 0)
    made = dict(still.pages(create_app(moot.node)))

    first, second = (made[f"{name}.html"].decode() for name in ("clear", "clear/2"))
    assert 'href="clear/2.html"' in first
    assert 'href="../index.html"' in second
    assert "clear/3.html" not in made
    shown = re.findall(r'<h2><a href="[^"]*#e([0-9]+)"', first + second)
    assert len(shown) == len(set(shown)) == 71


def test_what_did_not_change_is_not_written_again(moot, tmp_path):
    grow(moot.village, moot.node, 300)
    site = {"pages": lambda: still.pages(create_app(moot.node))}
    log.publish_to(moot.node, str(tmp_path / "out"), **site)
    before = {path: path.stat().st_ino for path in (tmp_path / "out").rglob("*.html")}
    grow(moot.village, moot.node, 8)

    log.publish_to(moot.node, str(tmp_path / "out"), **site)

    again = {path.name for path, ino in before.items() if path.stat().st_ino != ino}
    assert {"index.html", "1.html"} <= again
    assert "0.html" not in again
    assert "audit.html" not in again


class Outsider:
    """Somebody with an address and this repository's `ledger/`; no secret, no node."""

    def __init__(self, where: str) -> None:
        self.where, self.read = f"{where.rstrip('/')}/", []

    def get(self, path: str) -> bytes:
        """Return a file of the host."""
        self.read.append(path)
        with urlopen(urljoin(self.where, path)) as found:  # noqa: S310 - loopback
            return found.read()

    def __contains__(self, path: str) -> bool:
        try:
            self.get(path)
        except HTTPError:
            return False
        return True

    def __getitem__(self, path: str) -> bytes:
        return self.get(path)

    def audit(self) -> audits.Findings:
        """Audit the whole log; return what was found."""
        trusted = policy.parse(self.get("policy"))
        signed = self.get("checkpoint")
        head = checkpoint.open(signed, [*trusted.logs])
        assert policy.evaluate(trusted, self.names(trusted, signed))
        found = audits.advance(audits.Audited(origin=head.origin), head, self)
        leaves = [leaf for part in self.bundles(head.size) for leaf in part]
        assert audits.tags(leaves, {}) is None
        return found

    def names(self, trusted: policy.Policy, signed: bytes) -> set[str]:
        """Return the witnesses of a policy that signed."""
        parsed = note.parse(signed)
        return {
            name
            for name, key in trusted.witnesses.items()
            for line in parsed.lines
            if line.by(key) and cosignature.verify(parsed.text, line, key)
        }

    def bundles(self, size: int) -> list[list[bytes]]:
        """Return all entries, file by file."""
        wanted = range(-(-size // tiles.FULL))
        paths = [tiles.path(-1, n, tiles.width(-1, n, size)) for n in wanted]
        return [tiles.unbundle(self.get(path)) for path in paths]


def audited(moot: Moot, where: str) -> None:
    """Let an outsider audit a host, and check receipts by what it serves."""
    outsider = Outsider(where)

    found = outsider.audit()

    size = log.status(moot.node).size
    assert found.valid, found.findings
    assert found.reached.size == size > MANY
    assert found.clear == 2
    with bench.laid() as on:
        (on / "policy").write_bytes(outsider.get("policy"))
        files = []
        for (reference, seq), raw in receipts(moot.node).items():
            path = on / f"{reference}-{seq}.tlog-proof"
            path.write_bytes(raw)
            files.append(path)
        done = bench.verify(on, files)
    verdicts = json.loads(done.stdout)["receipts"]
    assert len(verdicts) == len(files) > 0
    assert {(it["valid"], it["level"]) for it in verdicts} == {(True, "witnessed")}
    for name in ("index.html", "entries/0.html", "verify.html", "style.css"):
        assert outsider.get(name)


@pytest.mark.network
def test_an_outsider_audits_the_log_from_a_folder_on_a_plain_host(grown, copy):
    with hosts.served(copy) as where:
        audited(grown, where)


@pytest.mark.network
def test_an_outsider_audits_the_log_from_a_bucket(grown, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "anybody")
    with hosts.store() as endpoint, hosts.bucket(endpoint) as client:
        there = f"s3://{hosts.NAME}/some/ledger?endpoint={endpoint}&region=us-east-1"
        log.publish_to(grown.node, there, lambda: still.pages(create_app(grown.node)))

        where = f"{endpoint}/{hosts.NAME}/some/ledger".replace("127.0.0.1", "localhost")
        audited(grown, where)
        by_command(grown, where, tmp_path)
        for name, kind in KINDS.items():
            key = f"some/ledger/{name}"
            found = client.get_object(Bucket=hosts.NAME, Key=key)
            assert (found["ContentType"], found["CacheControl"]) == kind


def by_command(moot, where, folder):
    """Let the command audit a host, which serves each file as what it is."""
    trusted = folder / "policy"
    trusted.write_bytes(Outsider(where).get("policy"))
    host = {"FOLKMOOT_FEDERATION_INSECURE_HOSTS": urlsplit(where).netloc}
    words = ("ledger", "audit", where, "--policy", str(trusted), "--json")
    said = typed(moot, *words, **host)
    structlog.reset_defaults()
    assert said.exit_code == 0, said.output


SOON = "public, max-age=5"
KINDS = {
    "index.html": ("text/html; charset=utf-8", SOON),
    "entries/1.html": ("text/html; charset=utf-8", SOON),
    "style.css": ("text/css; charset=utf-8", SOON),
    "keys.json": ("application/json", SOON),
    "policy": ("text/plain; charset=utf-8", SOON),
    "checkpoint": ("text/plain; charset=utf-8", SOON),
    "tile/0/000": (
        "application/octet-stream", "public, max-age=31536000, immutable",
    ),
}  # fmt: skip


@pytest.mark.network
def test_an_outsider_finds_the_byte_that_somebody_changed(copy, tmp_path):
    there = tmp_path / "forged"
    shutil.copytree(copy, there)
    bundle = there / "tile" / "entries" / "001"
    raw = bytearray(bundle.read_bytes())
    raw[30] ^= 1
    bundle.write_bytes(raw)

    with hosts.served(there) as where:
        found = Outsider(where).audit()

    assert not found.valid
    assert "root" in {it.name for it in found.findings if not it.ok}
