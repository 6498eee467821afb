"""Where requests go. Without the mark `network`, opening a socket fails the test."""

import pytest

from federation.errors import Unfetched
from federation.fetch import Guard
from tests.support.hostile_http import Clock, Hostile, answer, moved

# Never with `enable_socket`, which lifts the limit to loopback that `network` sets.
network = pytest.mark.network


class Resolver:
    """Says what the next answer of a name server is; the last one is repeated."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, host, port):
        self.asked.append((host, port))
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(said, Exception):
            raise said
        return said


def guarded(resolve, *listed):
    return Guard(
        "Folkmoot/1 (+https://birch.example)",
        insecure=frozenset(listed),
        resolve=resolve,
        monotonic=Clock(),
    )


def code(refused):
    return refused.value.code


# A3 of the attack suite.
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "0.0.0.0", "::",  # noqa: S104 - not to listen on
     "::ffff:0.0.0.0", "::ffff:1.1.1.1", "100.64.0.1",
     "169.254.169.254", "fd00:ec2::254", "10.0.0.1", "64:ff9b::7f00:1", "fe80::1%2"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_connected_to(address):
    guard = guarded(Resolver([address]))

    with pytest.raises(Unfetched) as got:
        guard.get("https://ash.example/a")
    with pytest.raises(Unfetched) as posted:
        guard.post("https://ash.example/a", b"{}", {})

    assert (code(got), code(posted)) == ("egress.denied", "egress.denied")


def test_one_private_address_among_public_ones_refuses_the_name():
    with pytest.raises(Unfetched) as refused:
        guarded(Resolver(["1.1.1.1", "127.0.0.1"])).get("https://ash.example/")

    assert code(refused) == "egress.denied"


def test_a_host_that_is_an_address_is_not_even_resolved():
    resolve = Resolver(["1.1.1.1"])

    for url in ("https://127.0.0.1/", "https://[::1]/", "http://ash.example/"):
        with pytest.raises(Unfetched, match=r"egress\.host"):
            guarded(resolve).get(url)
        with pytest.raises(Unfetched, match=r"egress\.host"):
            guarded(resolve).post(url, b"", {})

    assert resolve.asked == []


@pytest.mark.parametrize("nothing", [[], OSError("no such name")])
def test_a_name_without_an_address_is_unreachable(nothing):
    with pytest.raises(Unfetched) as refused:
        guarded(Resolver(nothing)).get("https://ash.example/")

    assert code(refused) == "egress.unreachable"


class TestOnLoopback:
    pytestmark = network

    # A4: had it asked again, it would have been told of loopback and gone there.
    def test_the_address_that_was_checked_is_the_one_connected_to(self):
        resolve = Resolver(["1.1.1.1"], ["127.0.0.1"])

        # pytest-socket warns before it refuses, and a warning is an error here.
        with pytest.raises(UserWarning, match=r'connect\(\) with host "1\.1\.1\.1"'):
            guarded(resolve).get("https://ash.example/")

        assert resolve.asked == [("ash.example", 443)]

    def test_a_listed_host_may_be_plain_private_and_on_another_port(self):
        with Hostile(answer(b'{"a": 1}')) as server:
            resolve = Resolver(["127.0.0.1"], OSError("asked twice"))
            guard = guarded(resolve, f"ash.example:{server.port}")

            fetched = guard.get(server.url())

        assert fetched.body == b'{"a": 1}'
        assert (fetched.url, fetched.status) == (server.url(), 200)
        assert fetched.content_type == "application/activity+json"
        assert server.asked[0].fields["host"] == f"ash.example:{server.port}"

    def test_a_listed_address_needs_no_name(self):
        with Hostile(answer()) as server:
            guard = guarded(Resolver(OSError("asked")), f"127.0.0.1:{server.port}")

            assert guard.get(server.url("127.0.0.1")).body == b"{}"

    def test_an_address_that_does_not_answer_is_followed_by_the_next(self):
        with Hostile(answer()) as server:
            resolve = Resolver(["::1", "127.0.0.1"])
            guard = guarded(resolve, f"ash.example:{server.port}")

            assert guard.get(server.url()).body == b"{}"

    def test_nobody_listening_is_unreachable(self):
        with Hostile(answer()) as server:
            gone = server.port
        guard = guarded(Resolver(["127.0.0.1", "::1"]), f"ash.example:{gone}")

        with pytest.raises(Unfetched) as refused:
            guard.get(server.url())

        assert code(refused) == "egress.unreachable"

    # A14
    def test_the_environment_names_no_proxy(self, monkeypatch, tmp_path):
        (tmp_path / ".netrc").write_text("machine ash.example login ada password x")
        monkeypatch.setenv("HOME", str(tmp_path))
        with Hostile(answer()) as server, Hostile(answer()) as proxy:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url("127.0.0.1"))
                monkeypatch.setenv(name.lower(), proxy.url("127.0.0.1"))
            monkeypatch.delenv("NO_PROXY", raising=False)
            guard = guarded(Resolver(["127.0.0.1"]), f"ash.example:{server.port}")

            guard.get(server.url())

        assert (server.reached, proxy.reached) == (1, 0)
        assert "authorization" not in server.asked[0].fields


class TestRedirects:
    pytestmark = network

    def follow(self, answers, at="/a", sign=None):
        with Hostile(answers) as server, Hostile(answer()) as sink:
            for target, said in answers.items():
                if isinstance(said, str):
                    to = said.format(port=server.port, sink=sink.port)
                    answers[target] = moved(to)
            self.server, self.sink = server, sink
            self.resolve = Resolver(["127.0.0.1"])
            guard = guarded(
                self.resolve,
                f"ash.example:{server.port}",
                f"birch.example:{server.port}",
            )
            return guard.get(server.url(at=at), sign=sign)

    def test_three_hops_are_followed(self):
        fetched = self.follow(
            {
                "/a": "/b",
                "/b": "c?d",
                "/c?d": "//birch.example:{port}/e#f",
                "/e": answer(),
            }
        )

        assert fetched.url == self.server.url("birch.example", at="/e")
        assert [one.target for one in self.server.asked] == ["/a", "/b", "/c?d", "/e"]

    # A6
    @pytest.mark.parametrize(
        "answers",
        [
            {"/a": "/b", "/b": "/c", "/c": "/d", "/d": "/e", "/e": answer()},
            {"/a": "/b", "/b": "/a"},
            {"/a": "/a"},
            {"/a": "/a#b"},
            {"/a": "/a?1", "/a?1": "/a?11", "/a?11": "/a?111", "/a?111": "/a?1111"},
        ],
    )
    def test_chains_and_loops_end(self, answers):
        with pytest.raises(Unfetched) as refused:
            self.follow(dict(answers))

        assert code(refused) == "egress.redirect"
        assert self.server.reached <= 4

    # A5
    @pytest.mark.parametrize(
        "location",
        [
            "http://127.0.0.1:{sink}/",
            "//127.0.0.1:{sink}/",
            "https://[::1]/",
            "http://localhost:{sink}/",
            "http://ash.example:{sink}/",
            "http://ada@ash.example:{port}/e",
            "file:///etc/passwd",
            "gopher://ash.example/",
            "data:application/activity+json,{{}}",
            "ftp://ash.example/",
            "//[ash",
            "",
            "/e /e",
            "/e\x01",
            "/\u00e4",
        ],
    )
    def test_a_hop_is_checked_like_the_first(self, location):
        with pytest.raises(Unfetched) as refused:
            self.follow({"/a": location, "/e": answer()})

        assert (code(refused), refused.value.status) == ("egress.redirect", 302)
        assert (self.server.reached, self.sink.reached) == (1, 0)

    def test_a_hop_to_a_name_that_leads_inside_is_denied(self):
        with pytest.raises(Unfetched) as refused:
            self.follow({"/a": "https://cedar.example/"})

        assert code(refused) == "egress.denied"
        assert self.resolve.asked[-1] == ("cedar.example", 443)

    def test_a_redirect_without_a_place_leads_nowhere(self):
        with pytest.raises(Unfetched, match=r"egress\.redirect"):
            self.follow({"/a": answer(status="301 Gone there")})

    # A8
    def test_each_hop_is_signed_for_itself_and_nothing_is_passed_on(self):
        def sign(method, url):
            return {"Signature": f"{method} {url}"} | (
                {"Authorization": "Bearer x"} if url.endswith("/a") else {}
            )

        self.follow({"/a": "//birch.example:{port}/e", "/e": answer()}, sign=sign)

        first, second = self.server.asked
        port = self.server.port
        assert first.fields["signature"] == f"GET http://ash.example:{port}/a"
        assert second.fields["signature"] == f"GET http://birch.example:{port}/e"
        assert second.fields["host"] == f"birch.example:{port}"
        assert not {"authorization", "cookie", "referer"} & second.fields.keys()

    def test_cookies_are_not_kept(self):
        self.follow(
            {"/a": "/e", "/e": answer()}
            | {"/a": answer(b"", {"Location": "/e", "Set-Cookie": "a=b"}, "302 Found")}
        )

        assert "cookie" not in self.server.asked[1].fields

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_delivery_is_never_sent_elsewhere(self, status):
        with Hostile(moved("/e", f"{status} Elsewhere")) as server:
            guard = guarded(Resolver(["127.0.0.1"]), f"ash.example:{server.port}")

            said = guard.post(server.url(), b"{}", {})

        assert (said.status, said.fields["location"]) == (status, "/e")
        assert server.reached == 1
