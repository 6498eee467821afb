import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import Unfetched
from federation.fetch import Fetched, Guard, Kind
from tests.support.hostile_http import Clock, Hostile, Leaping, Ticking, answer

# Never with `enable_socket`, which lifts the limit to loopback that `network` sets.
pytestmark = pytest.mark.network

MIB = 1024 * 1024
CHUNKED = {"Transfer-Encoding": "chunked"}


def guard_of(server, clock=None):
    return Guard(
        "Folkmoot/1 (+https://birch.example)",
        insecure=frozenset({f"ash.example:{server.port}"}),
        resolve=lambda _host, _port: ["127.0.0.1"],
        monotonic=clock or Clock(),
    )


def fetch(said, clock=None, **how):
    with Hostile(said) as server:
        return guard_of(server, clock).get(server.url(), **how)


def refusal(said, clock=None, **how):
    with pytest.raises(Unfetched) as refused:
        fetch(said, clock, **how)
    return refused.value.code


def post(said, clock=None, body=b"{}"):
    with Hostile(said) as server:
        fields = {"Content-Type": "application/activity+json", "Signature": "s"}
        return guard_of(server, clock).post(server.url(), body, fields)


def endless(head, piece):
    def send(connection):
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


def dripping(head, clock, piece=b"x"):
    """Send the head at once, then one piece every three seconds of that clock."""

    def send(connection):
        connection.sendall(head)
        while True:
            clock.seconds += 3
            connection.sendall(piece)

    return send


def silent(connection):
    connection.recv(1)


def test_what_is_asked_says_who_asks_and_wants_it_plain():
    found = answer(b"{}", {"Content-Type": "application/jrd+json"})
    with Hostile({"/a%e3?b=%c3": answer(), "/b": found}) as server:
        guard_of(server).get(server.url(at="/a%e3?b=%c3"))
        guard_of(server).get(server.url(at="/b"), kind=Kind.WEBFINGER)

    first, second = server.asked
    # As written: a signature covers these bytes, not another spelling of them.
    assert first.line == "GET /a%e3?b=%c3 HTTP/1.1"
    assert first.fields == {
        "host": f"ash.example:{server.port}",
        "user-agent": "Folkmoot/1 (+https://birch.example)",
        "accept": Kind.ACTIVITY.accept,
        "accept-encoding": "identity",
        "connection": "close",
    }
    assert second.fields["accept"] == "application/jrd+json, application/json"


def test_who_signs_cannot_change_where_a_request_goes_or_what_it_asks():
    def sign(_method, _url):
        return {"HOST": "cedar.example", "Accept-Encoding": "gzip", "Signature": "s"}

    with Hostile(answer()) as server:
        guard_of(server).get(server.url(), sign=sign)

    fields = server.asked[0].fields
    assert fields["host"] == f"ash.example:{server.port}"
    assert (fields["accept-encoding"], fields["signature"]) == ("identity", "s")


def test_a_body_of_just_the_limit_is_read_and_one_byte_more_is_not():
    assert len(fetch(answer(b"x" * MIB)).body) == MIB
    assert refusal(answer(b"x" * (MIB + 1))) == "egress.large"


def test_a_body_in_chunks_is_put_together():
    body = b"2\r\n{}\r\n1;ext=1\r\n \r\n0\r\nTrailer: x\r\n\r\n"

    assert fetch(answer(body, CHUNKED)).body == b"{} "


def test_a_body_that_ends_with_the_connection_is_read():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n\r\n"

    assert fetch(head + b"{}").body == b"{}"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (answer(b"", {"Content-Length": "99999999999"}), b"x" * 65536),
        (answer(b"", CHUNKED), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        (answer(b"", CHUNKED), b"1;" + b"e" * 60000 + b"\r\nx\r\n"),
        (answer(b"", CHUNKED) + b"0\r\n", b"Trailer: x\r\n" * 1000),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 10 + b"Z: " + b"z" * 60000),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    ],
    ids=["length", "chunks", "extensions", "trailers", "fields", "field", "interim"],
)
def test_what_never_ends_is_not_kept(head, piece):
    tracemalloc.start()
    try:
        assert refusal(endless(head, piece)) == "egress.large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * MIB


def test_a_body_that_drips_is_left_when_the_time_is_over():
    clock = Clock()
    head = answer(b"", {"Content-Length": "1000000"})

    assert refusal(dripping(head, clock), clock) == "egress.slow"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_head_that_drips_is_left_as_well(head):
    clock = Clock()

    assert refusal(dripping(head, clock), clock) == "egress.slow"


def test_redirects_do_not_start_the_time_anew():
    clock = Clock()

    def later(connection):
        clock.seconds += 4
        hop = len(server.asked)
        connection.sendall(answer(b"", {"Location": f"/{hop}"}, "302 Found"))

    with Hostile(later) as server, pytest.raises(Unfetched) as refused:
        guard_of(server, clock).get(server.url())

    assert refused.value.code == "egress.slow"
    assert server.reached == 3


def test_silence_is_waited_for_no_longer_than_there_is_time():
    assert refusal(silent, Leaping(left=0.1, of=10)) == "egress.slow"
    assert refusal(silent, Leaping(left=0.1, of=5), within=5) == "egress.slow"


def test_each_wait_is_as_long_as_the_time_that_is_left_then():
    clock, started = Clock(), time.monotonic()

    def stuck(connection):
        clock.seconds += 9.9
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        connection.recv(1)

    assert refusal(stuck, clock) == "egress.slow"
    assert time.monotonic() - started < 2


def test_a_name_server_that_takes_all_the_time_leaves_none_to_connect():
    clock = Clock()

    def resolve(_host, _port):
        clock.seconds += 11
        return ["127.0.0.1"]

    with Hostile(answer()) as server:
        listed = frozenset({f"ash.example:{server.port}"})
        guard = Guard("F/1", insecure=listed, resolve=resolve, monotonic=clock)
        with pytest.raises(Unfetched, match=r"egress\.slow"):
            guard.get(server.url())

    assert server.reached == 0


# A12
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "identity", "gzip, " * 50])
def test_an_encoded_answer_is_not_read(encoding):
    bomb = zlib.compress(bytes(MIB), wbits=31)
    said = answer(bomb, {"Content-Encoding": encoding})

    assert refusal(said) == "egress.encoding"


@pytest.mark.parametrize("cut", ["gzip", "gzip, chunked", "chunked, chunked", ""])
def test_an_answer_cut_in_an_unknown_way_is_not_read(cut):
    assert refusal(answer(b"{}", {"Transfer-Encoding": cut})) == "egress.encoding"


# A11
@pytest.mark.parametrize(
    "fields",
    [
        {"Content-Type": "text/html"},
        {"Content-Type": "application/json"},
        {"Content-Type": 'text/plain; x="application/activity+json"'},
        {"Content-type": "text/html"},  # beside the right one
    ],
)
def test_an_answer_of_another_type_is_not_read(fields):
    assert refusal(answer(b"{}", fields)) == "egress.type"


def test_an_answer_without_a_type_is_not_read():
    assert refusal(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") == "egress.type"


@pytest.mark.parametrize("status", [201, 204, 304, 400, 401, 404, 410, 500, 503])
def test_an_answer_that_is_not_good_says_which_it_was(status):
    with pytest.raises(Unfetched) as refused:
        fetch(answer(b"{}", status=f"{status} Said"))

    assert (refused.value.code, refused.value.status) == ("egress.status", status)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        answer(b"{}", {"Content-Length": "3"}),
        answer(b"{}", {"Content-Length": "2, 3"}),
        answer(b"z\r\n{}\r\n0\r\n\r\n", CHUNKED),
        answer(b"2\r\n{", CHUNKED),
    ],
)
def test_what_is_no_http_or_breaks_off_is_unreachable(said):
    assert refusal(said) == "egress.unreachable"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=80)
    | st.binary(max_size=80).map(lambda it: b"HTTP/1.1 200 OK\r\n" + it)
    | st.binary(max_size=80).map(lambda it: answer(it, CHUNKED))
    | st.text("0123456789abcdef-;+ \r\n", max_size=40).map(
        lambda it: answer(it.encode(), CHUNKED)
    )
)
def test_whatever_is_answered_is_fetched_or_refused_and_nothing_else(said):
    with suppress(Unfetched):
        assert isinstance(fetch(said), Fetched)


def test_a_delivery_arrives_as_it_was_given():
    body = b'{"a": "\xc3\xa4"}' * 9000

    with Hostile(answer(b"", status="202 Accepted")) as server:
        fields = {"Content-Type": "application/activity+json", "Signature": "s"}
        said = guard_of(server).post(server.url(), body, fields)

    asked = server.asked[0]
    assert (asked.line, asked.body) == ("POST /a HTTP/1.1", body)
    assert asked.fields["content-length"] == str(len(body))
    assert (asked.fields["signature"], said.status) == ("s", 202)


@pytest.mark.parametrize("status", [200, 202, 301, 400, 401, 404, 410, 429, 500, 503])
def test_whatever_is_said_to_a_delivery_is_an_answer(status):
    fields = {"Retry-After": "120", "Content-Type": "text/html"}

    said = post(answer(b"why", fields, f"{status} Said"))

    assert (said.status, said.body) == (status, b"why")
    assert said.fields["retry-after"] == "120"


def test_a_field_that_came_twice_is_kept_whole():
    said = post(answer(b"", {"Accept-Signature": "a", "ACCEPT-signature": "b"}))

    assert said.fields["accept-signature"] == "a, b"


# K3
def test_of_the_answer_to_a_delivery_the_beginning_is_read():
    said = post(endless(answer(b"", {"Content-Length": "100000000"}), b"x" * 65536))

    assert said.status == 200
    assert 0 < len(said.body) <= 64 * 1024


def test_an_answer_to_a_delivery_that_drips_or_breaks_off_still_counts():
    head = answer(b"", {"Content-Length": "1000000"}, "202 Accepted")

    assert post(endless(head, b"x"), Ticking()).status == 202
    assert post(head + b"{").body == b"{"


def test_an_encoded_answer_to_a_delivery_is_not_unpacked():
    said = post(answer(b"\x1f\x8b", {"Content-Encoding": "gzip"}, "401 No"))

    assert (said.status, said.body) == (401, b"")


def test_a_partner_who_accepts_and_never_answers_is_slow():
    with pytest.raises(Unfetched, match=r"egress\.slow"):
        post(silent, Leaping(left=0.1, of=15))
