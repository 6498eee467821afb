"""Egress: whatever we are made to fetch, we reach only public places, and briefly."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from federation.fetch import Guard
from governance.errors import Invalid
from node import folding, follows
from tests.support import certificates
from tests.support.door import Place as Door
from tests.support.door import all_of, counted, known, refused
from tests.support.engines import village_on
from tests.support.hostile_http import Clock, Hostile, answer, moved
from tests.support.stranger import ACTIVITY, Stranger, dump
from web.app import create_app

pytestmark = pytest.mark.network

HOST = "cedar.example"
LITERALS = [
    "0.0.0.1", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
    "192.0.0.1", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1",
    "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "1.1.1.1", "[::]", "[::1]", "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::1]", "[ff02::1]",
    "[3fff::1]", "[fd00:ec2::254]", "[fe80::1]", "[2001:db8::1]",
]  # fmt: skip
SPELLED = [
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.",
    "127.0.0.0x1", "localhost:8000", "ada@cedar.example", "cedar.example:8443",
    "\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.0.0.1", "127%2e0.0.1",
]  # fmt: skip
INSIDE = [
    "127.0.0.1", "0.0.0.0", "::", "::ffff:0.0.0.0", "100.64.0.1",  # noqa: S104 - not to listen on
    "169.254.169.254", "fd00:ec2::254",
]  # fmt: skip


class Resolver:
    """Says where a name leads; the last answer is repeated."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, host, port):
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Place(Door):
    """A node that may go out by its real guard, and strangers wherever they like."""

    def guarded(self, *listed, resolve=None, ca_file=None):
        """Let the node use the guard, to these places, until the next test."""
        resolve = resolve or Resolver(["127.0.0.1"])
        guard = Guard(
            "Folkmoot/1 (+https://ash.example)",
            insecure=frozenset(listed),
            resolve=resolve,
            ca_file=ca_file,
            monotonic=Clock(),
        )
        settings = replace(self.node.settings, federation_insecure_hosts=listed)
        node = replace(self.node, network=guard, settings=settings)
        self.village.roads.apps["https://ash.example"] = create_app(node, testing=True)
        return resolve

    def at(self, server, scheme="http"):
        """Return somebody who lives at a server of the test."""
        return Stranger(self.village, self.node, server.url(HOST, scheme, "/u/eve"))

    def served(self, answers, *others):
        """Send what names a key that a server answers for so; return what came of it.

        An answer that is text is the place it leads to.
        """
        with Hostile({}) as server, Hostile(answer()) as sink:
            places = {"port": server.port, "sink": sink.port}
            server.answers = {
                at: moved(to.format(**places)) if isinstance(to, str) else to
                for at, to in answers.items()
            }
            self.guarded(*(f"{host}:{server.port}" for host in (HOST, *others)))
            eve = self.at(server)
            with self.nothing_kept():
                said = eve.send(eve.act("Follow"))
        assert known(self.node, eve) == (None, None)
        assert sink.reached == 0
        return said, server


@pytest.fixture
def place(server, tmp_path):
    with village_on(server, tmp_path) as village:
        yield Place(village)


def a1(place):
    resolve = place.guarded()
    for literal in LITERALS:
        _not_asked(place, resolve, f"https://{literal}/u/eve#main-key")


def a2(place):
    resolve = place.guarded()
    for spelled in SPELLED:
        _not_asked(place, resolve, f"https://{spelled}/u/eve#main-key")
    for scheme in ("http", "file", "gopher", "did"):
        _not_asked(place, resolve, f"{scheme}://cedar.example/u/eve#main-key")


def _not_asked(place, resolve, key_id):
    eve = place.stranger()
    with place.nothing_kept(), capture_logs() as lines:
        for profile in ("rfc9421", "cavage"):
            body = dump(eve.act("Follow"))
            fields = [
                (name, value.replace(eve.key_id, key_id))
                for name, value in eve.sign(body, profile=profile)
            ]
            shown = [(name, it.encode().decode("latin-1")) for name, it in fields]
            assert refused(eve.knock(body, shown), 401), key_id
        place.village.pass_time(minutes=1)
        folding.write(place.node)
    assert resolve.asked == []
    noted = [one.get("n", 1) for one in lines if one["event"].startswith("sig.")]
    assert sum(noted) == 2


def a3(place):
    for address in INSIDE:
        resolve = place.guarded(resolve=Resolver([address], ["1.1.1.1"]))
        eve = place.stranger()
        with place.nothing_kept():
            assert refused(eve.send(eve.act("Follow")), 401), address
        assert len(resolve.asked) == 1


def a4(place):
    resolve = place.guarded(resolve=Resolver(["1.1.1.1"], ["127.0.0.1"]))
    eve = place.stranger()
    # pytest-socket warns before it refuses, and a warning is an error here.
    with place.nothing_kept(), pytest.raises(UserWarning, match=r'host "1\.1\.1\.1"'):
        eve.send(eve.act("Follow"))
    assert len(resolve.asked) == 1


def a5(place):
    for location in (
        "http://127.0.0.1:{sink}/", "//127.0.0.1:{sink}/", "https://[::1]/",
        "http://cedar.example:{sink}/", "file:///etc/passwd", "gopher://cedar.example/",
        "data:application/activity+json,{{}}", "ftp://cedar.example/", "/\x01", "",
    ):  # fmt: skip
        said, server = place.served({"/u/eve": location})
        assert refused(said, 401), location
        assert server.reached == 1


def a6(place):
    chain = {"/u/eve": "/1", "/1": "/2", "/2": "/3", "/3": "/4", "/4": answer()}
    growing = {"/u/eve": "?1", "/u/eve?1": "?11", "/u/eve?11": "?111"}
    loops = [{"/u/eve": "/1", "/1": "/u/eve"}, {"/u/eve": "/u/eve"}]
    for answers in (chain, {**growing, "/u/eve?111": "?1111"}, *loops):
        with capture_logs() as lines:
            said, server = place.served(answers)
        assert refused(said, 401)
        assert server.reached <= 4
        assert [one["event"] for one in lines if one["log_level"] != "info"] == [
            "sig.key"
        ]


def a7(place):
    with Hostile({}) as server:
        place.guarded(f"{HOST}:{server.port}", f"birch.example:{server.port}")
        eve = place.at(server)
        away = server.url("birch.example", at="/u/eve2")
        for document in (eve.document(), {**eve.document(), "id": away}):
            place.village.pass_time(minutes=2)
            server.answers = {"/u/eve": moved(away), "/u/eve2": answer(dump(document))}
            with place.nothing_kept():
                assert refused(eve.send(eve.act("Follow")), 401)
    assert known(place.node, eve) == (None, None)


def a8(place):
    answers = {"/u/eve": "//birch.example:{port}/u/eve2", "/u/eve2": answer()}
    _, server = place.served(answers, "birch.example")

    first, second = server.asked
    assert first.fields["signature"] != second.fields["signature"]
    assert [one.fields["host"].partition(":")[0] for one in (first, second)] == [
        HOST, "birch.example",
    ]  # fmt: skip
    for one in (first, second):
        assert not {"authorization", "cookie", "referer"} & one.fields.keys()


def a9(place):
    before = len(place.village.roads.carried)
    for typed in (
        "acct:a@localh.st:1234/secret?x=1#", "a@127.0.0.1", "a@[::1]", "a@2130706433",
        "a@cedar.example/x", "a@b@cedar.example", "https://127.0.0.1/u/a",
        "http://cedar.example/u/a", "https://cedar.example:8443/u/a", "https://",
    ):  # fmt: skip
        with place.nothing_kept(), pytest.raises(Invalid):
            follows.follow(place.node, typed, by=place.steward)
    assert len(place.village.roads.carried) == before


def a10(place):
    eve, bob = place.stranger(), place.stranger("birch.example")
    host = eve.origin.partition("//")[2]
    for subject in (f"acct:eve@{host}", "acct:eve@birch.example"):
        link = {"rel": "self", "type": ACTIVITY, "href": bob.id}
        found = {"subject": subject, "links": [link]}
        eve.put(
            f"{eve.origin}/.well-known/webfinger", found, kind="application/jrd+json"
        )
        with place.nothing_kept(), pytest.raises(Invalid):
            follows.follow(place.node, f"eve@{host}", by=place.steward)


def a11(place):
    for kind in (
        "text/html", "text/plain", "image/svg+xml", "application/json", "",
        "application/ld+json", f"text/html; x={ACTIVITY}", f'text/html; x="{ACTIVITY}"',
    ):  # fmt: skip
        eve = place.stranger()
        eve.put(eve.id, eve.document(), kind=kind)
        with place.nothing_kept():
            assert refused(eve.send(eve.act("Follow")), 401), kind
        assert known(place.node, eve) == (None, None)


def a12(place):
    for coding in ("gzip", ", ".join(["gzip"] * 50), "br", "zstd", "identity"):
        bomb = answer(b"\x1f\x8b" * 500, {"Content-Encoding": coding})
        said, server = place.served({"/u/eve": bomb})
        assert refused(said, 401), coding
        assert server.asked[0].fields["accept-encoding"] == "identity"


def a13(place):
    root, made = certificates.authority(), certificates.certificate
    folder = place.village.folder
    file = root.write(folder)
    for shown, status in (
        (made(HOST, None), 401),
        (made(HOST, certificates.authority("Another")), 401),
        (made("birch.example", root), 401),
        (made(HOST, root, certificates.PAST), 401),
        (made(HOST, root), 202),
    ):
        with Hostile({}, shown.server(folder)) as server:
            place.guarded(f"{HOST}:{server.port}", ca_file=file)
            eve = place.at(server, "https")
            server.answers = {"/u/eve": answer(dump(eve.document()))}
            before = counted(place.node)["received"]
            assert eve.send(eve.act("Follow")).status_code == status
        assert counted(place.node)["received"] == before + (status == 202)


def a14(place):
    with Hostile({}) as server, Hostile(answer()) as proxy:
        place.guarded(f"{HOST}:{server.port}")
        eve = place.at(server)
        server.answers = {"/u/eve": answer(dump(eve.document()))}
        with pytest.MonkeyPatch.context() as environment:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                environment.setenv(name, proxy.url("127.0.0.1"))
                environment.setenv(name.lower(), proxy.url("127.0.0.1"))
            environment.delenv("NO_PROXY", raising=False)
            assert eve.send(eve.act("Follow")).status_code == 202
    assert (server.reached, proxy.reached) == (1, 0)
    assert "authorization" not in server.asked[0].fields


def a15(place):
    eve = place.stranger()
    statuses = set()
    with place.nothing_kept():
        for number in range(200):
            signer = eve.signer(key_id=f"{eve.origin}/u/{number}#main-key")
            statuses.add(eve.send(eve.act("Follow"), signer=signer).status_code)
    assert statuses == {401, 503}
    assert eve.fetched <= 60
    assert all_of(place.node, follows.Follow) == []


ROWS = {
    "A1": a1, "A2": a2, "A3": a3, "A4": a4, "A5": a5, "A6": a6, "A7": a7, "A8": a8,
    "A9": a9, "A10": a10, "A11": a11, "A12": a12, "A13": a13, "A14": a14, "A15": a15,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
