import io
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.settings import Settings
from web.guards import block, headers
from web.guards.block import ascii_only, refuse_block
from web.guards.wsgi import CLOSE, Guard

GOOD = b"GET /cases/?a=b HTTP/1.1\r\nHost: ash.example\r\nAccept: */*\r\n\r\n"
ASH = Settings(public_url="https://ash.example", extra_hosts=("ash.onion",))
LOOPBACK = Settings(public_url="http://localhost:8000")


def block_of(*lines, first=b"POST /tell HTTP/1.1"):
    return b"\r\n".join([first, *lines]) + b"\r\n\r\n"


def with_host(*lines):
    return block_of(b"Host: ash.example", *lines)


# The raw half: R1 to R6.


def test_an_ordinary_request_passes():
    assert refuse_block(GOOD) is None


BROKEN_BLOCKS = {
    "block": (with_host(*[b"A: " + b"b" * 8000] * 3), "R1", 431),
    "fields": (with_host(*[b"A: b"] * 100), "R1", 431),
    "field": (with_host(b"A: " + b"b" * 8190), "R1", 431),
    "target": (
        block_of(b"Host: a", first=b"GET /" + b"a" * 4096 + b" HTTP/1.1"), "R1", 414
    ),
    "bare LF": (with_host(b"A: b\nTransfer-Encoding: chunked"), "R2", 400),
    "bare CR": (with_host(b"A: b\rTransfer-Encoding: chunked"), "R2", 400),
    "LF in the first line": (
        block_of(b"Host: a", first=b"GET / HTTP/1.1\nHost: b"), "R2", 400
    ),
    "NUL": (with_host(b"A: b\0c"), "R2", 400),
    "folded": (with_host(b"A: b", b" Transfer-Encoding: chunked"), "R2", 400),
    "folded by tab": (with_host(b"A: b", b"\tc"), "R2", 400),
    "space before the colon": (with_host(b"Content-Length : 3"), "R2", 400),
    "no colon": (with_host(b"Content-Length"), "R2", 400),
    "no name": (with_host(b": x"), "R2", 400),
    "underscore": (with_host(b"Content_Length: 3"), "R2", 400),
    "name in UTF-8": (with_host("Ä: b".encode()), "R2", 400),
    "Host in UTF-8": (block_of("Host: äsh.example".encode()), "R2", 400),
    "Authorization in UTF-8": (with_host("Authorization: ä".encode()), "R2", 400),
    "no Host": (block_of(b"A: b"), "R3", 400),
    "two Hosts": (with_host(b"Host: ash.example"), "R3", 400),
    "two Hosts in other case": (with_host(b"hOST: birch.example"), "R3", 400),
    "chunked": (with_host(b"Transfer-Encoding: chunked"), "R5", 411),
    "identity": (with_host(b"transfer-encoding: identity"), "R5", 411),
    "both lengths": (
        with_host(b"Content-Length: 3", b"Transfer-Encoding: chunked"), "R5", 411
    ),
    "expect": (with_host(b"Expect: 200-ok"), "R5", 400),
    "old protocol": (block_of(b"Host: a", first=b"GET /"), "R6", 400),
    "new protocol": (block_of(b"Host: a", first=b"GET / HTTP/2.0"), "R6", 400),
    "absolute form": (block_of(b"Host: a", first=b"GET http://a/ HTTP/1.1"), "R6", 400),
    "authority form": (block_of(b"Host: a", first=b"CONNECT a:80 HTTP/1.1"), "R6", 400),
    "asterisk form": (block_of(b"Host: a", first=b"OPTIONS * HTTP/1.1"), "R6", 400),
    "two spaces": (block_of(b"Host: a", first=b"GET  / HTTP/1.1"), "R6", 400),
    "small letters": (block_of(b"Host: a", first=b"get / HTTP/1.1"), "R6", 400),
    "tab": (block_of(b"Host: a", first=b"GET\t/ HTTP/1.1"), "R6", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_BLOCKS)
def test_a_block_with_two_readings_is_refused(name):
    raw, rule, status = BROKEN_BLOCKS[name]

    assert refuse_block(raw) == block.Rule(rule, status)


@pytest.mark.parametrize(
    "name",
    [
        b"Authorization", b"Content-Length", b"Content-Type", b"Date", b"Digest",
        b"Idempotency-Key", b"If-Match", b"Origin", b"Range", b"Sec-Fetch-Site",
    ],
)  # fmt: skip
def test_a_field_that_must_be_one_is_not_taken_twice(name):
    raw = with_host(name + b": 1", b"A: b", name.lower() + b": 1")

    assert refuse_block(raw) == block.TWICE
    assert refuse_block(with_host(name + b": 1")) is None


@pytest.mark.parametrize(
    "length", [b"", b"+3", b"-3", b"3,3", b"0x3", b"3 3", b"1" * 11, b"3.0", b"3;"]
)
def test_a_length_is_digits_alone(length):
    assert refuse_block(with_host(b"Content-Length: " + length)) == block.LENGTH


def test_waiting_for_a_word_before_the_body_is_fine():
    assert (
        refuse_block(with_host(b"Expect: 100-Continue", b"Content-Length: 3")) is None
    )


def test_a_field_outside_ascii_that_nobody_reads_is_left_out():
    raw = with_host("X-Name: Zoë".encode(), b"Accept: */*")

    assert refuse_block(raw) is None
    assert ascii_only(raw) == with_host(b"Accept: */*")


names = st.from_regex(rb"[A-Za-z0-9!#$%&'*+.^`|~-]{1,20}", fullmatch=True).filter(
    lambda name: name.lower() not in block.NAMED
)
contents = st.from_regex(rb"[ -~]{0,40}", fullmatch=True)


@given(st.lists(st.tuples(names, contents), max_size=20))
def test_fields_of_any_name_and_printable_content_pass(fields):
    assert refuse_block(with_host(*[b": ".join(field) for field in fields])) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_without_an_error(raw):
    refuse_block(raw)


@given(st.data())
def test_one_control_character_anywhere_is_enough(data):
    where = data.draw(st.integers(0, len(GOOD) - 4))
    what = data.draw(st.sampled_from([b"\0", b"\r", b"\n", b"\x0b", b"\x7f"]))

    assert refuse_block(GOOD[:where] + what + GOOD[where:]) is not None


# The WSGI half: W1 to W5.


def call(settings, target="/", **fields):
    path = target.partition("?")[0]
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": _unquoted(path),
        "QUERY_STRING": target.partition("?")[2],
        "REQUEST_URI": target,
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_HOST": settings.host,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **fields,
    }
    answer = {}

    def app(_environ, start_response):
        start_response("200 OK", [])
        return [b"inside"]

    def start_response(status, fields):
        answer.update(status=int(status[:3]), fields=dict(fields))

    answer["body"] = b"".join(Guard(app, settings)(environ, start_response))
    return answer, environ


def _unquoted(path):
    return unquote_to_bytes(path).decode("latin-1")


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/cases/ash-7f3k-2m",
        "/cases/",
        "/~ada/a.b-c_d;x=1,2:@!$&'()*+",
        "/answers/caf%C3%A9",
        "/search?q=a%20b&c=%C3%A9%0A&d=/?:@",
        "/static/0123456789abcdef/tokens.css",
    ],
)
def test_an_ordinary_address_passes(target):
    answer, _ = call(ASH, target)

    assert answer["status"] == 200


@pytest.mark.parametrize(
    "target",
    [
        "//cases",
        "/a//b",
        "/a/../b",
        "/a/./b",
        "/..",
        "/a%2Fb",
        "/a%2fb",
        "/a%5Cb",
        "/a%00b",
        "/a%25b",
        "/a%0Db",
        "/%61",
        "/%7Eada",
        "/a%2e%2e/b",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a%u0041",
        "/a\\b",
        '/a"b',
        "/a|b",
        "/a#b",
        "/a b",
        "/é",
        "/%ff",
        "/%C0%AF",
        "/a?%",
        "/a?b=%g1",
        "/a?b=%00",
        "/a?b=c d",
        "/a?b=\x01",
        "/a?b=é",
        "http://ash.example/",
        "*",
        "",
    ],
)
def test_an_address_with_two_readings_is_refused(target):
    answer, environ = call(ASH, target)

    assert answer["status"] == 400
    assert environ[CLOSE]


def test_an_address_that_a_server_read_differently_is_refused():
    answer, _ = call(ASH, "/cases", PATH_INFO="/admin")

    assert answer["status"] == 400


def test_a_server_that_does_not_give_the_raw_address_serves_nothing():
    answer, _ = call(ASH, REQUEST_URI="")

    assert answer["status"] == 400


@given(st.text(max_size=30))
def test_any_address_is_judged_without_an_error(target):
    with suppress(UnicodeError):  # no server could have read such an address
        call(ASH, "/" + target)


@pytest.mark.parametrize("host", ["ash.example", "ASH.example", "ash.example:443"])
def test_our_own_name_passes_in_any_spelling(host):
    answer, environ = call(ASH, HTTP_HOST=host)

    assert answer["status"] == 200
    assert environ["HTTP_HOST"] == "ash.example"


@pytest.mark.parametrize(
    "host",
    ["", "birch.example", "ash.example.", "ash.example:80", "ash.example:8443",
     "ash.example@birch.example", "localhost", "192.0.2.1"],
)  # fmt: skip
def test_a_foreign_name_is_refused(host):
    answer, _ = call(ASH, HTTP_HOST=host)

    assert answer["status"] == 400


def test_extra_names_are_ours():
    assert call(ASH, HTTP_HOST="ash.onion")[0]["status"] == 200


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_on_one_machine_its_names_count_as_one(host):
    answer, environ = call(LOOPBACK, HTTP_HOST=host)

    assert answer["status"] == 200
    assert environ["HTTP_HOST"] == "localhost:8000"


def test_only_the_machine_itself_may_ask_for_health_by_another_name():
    near = call(ASH, "/healthz", HTTP_HOST="10.0.0.7:8000", REMOTE_ADDR="127.0.0.1")
    far = call(ASH, "/healthz", HTTP_HOST="10.0.0.7:8000", REMOTE_ADDR="192.0.2.7")
    other = call(ASH, "/cases", HTTP_HOST="10.0.0.7:8000", REMOTE_ADDR="127.0.0.1")

    assert [it[0]["status"] for it in (near, far, other)] == [200, 400, 400]


HEARSAY = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.2",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_FORWARDED": "for=203.0.113.9",
    "HTTP_X_REAL_IP": "203.0.113.9",
    "HTTP_X_REMOTE_USER": "dov",
    "HTTP_PROXY": "http://evil.example",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_ORIGINAL_URL": "/admin",
    "REMOTE_USER": "dov",
}


def test_what_a_stranger_says_about_others_is_deleted():
    _, environ = call(ASH, **HEARSAY)

    assert not environ.keys() & HEARSAY.keys()
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert environ["wsgi.url_scheme"] == "http"


def test_the_proxy_is_believed_about_the_last_hop_and_nothing_else():
    behind = Settings(public_url="https://ash.example", trusted_proxy="10.0.0.0/8")

    _, environ = call(behind, REMOTE_ADDR="10.0.0.2", **HEARSAY)

    assert not environ.keys() & HEARSAY.keys()
    assert environ["REMOTE_ADDR"] == "198.51.100.2"
    assert environ["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize(
    "said", [{"HTTP_X_FORWARDED_FOR": "ada"}, {"HTTP_X_FORWARDED_PROTO": "gopher"}]
)
def test_a_proxy_that_says_nonsense_is_refused(said):
    behind = Settings(public_url="https://ash.example", trusted_proxy="10.0.0.2")

    assert call(behind, REMOTE_ADDR="10.0.0.2", **said)[0]["status"] == 400


def test_a_date_between_nodes_has_one_form():
    good = "Fri, 06 Mar 2026 09:00:00 GMT"

    assert call(ASH, "/ap/inbox", HTTP_DATE=good)[0]["status"] == 200
    assert call(ASH, "/ap/inbox", HTTP_DATE=f"{good}, {good}")[0]["status"] == 400
    assert call(ASH, "/ap/inbox", HTTP_DATE="2026-03-06")[0]["status"] == 400
    assert call(ASH, "/cases", HTTP_DATE="2026-03-06")[0]["status"] == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND"])
def test_a_method_no_route_takes_is_refused(method):
    answer, _ = call(ASH, REQUEST_METHOD=method)

    assert answer["status"] == 405
    assert answer["fields"]["Allow"] == "DELETE, GET, HEAD, PATCH, POST, PUT"


def test_a_refusal_of_the_guard_wears_every_header():
    answer, _ = call(ASH, HTTP_HOST="birch.example")

    assert headers.standard(secure=True).items() <= answer["fields"].items()
    assert b"birch" not in answer["body"]
