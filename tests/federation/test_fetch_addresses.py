import json
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import origins
from federation.errors import Unfetched
from federation.fetch import allowed
from federation.fetch.addresses import place

VECTORS = json.loads(
    (
        Path(__file__).parents[1] / "vectors/federation/folkmoot-addresses.json"
    ).read_text()
)
REFUSED = VECTORS["refused_networks"]
REFUSED_4 = [IPv4Network(block) for block in REFUSED if ":" not in block]
REFUSED_6 = [IPv6Network(block) for block in REFUSED if ":" in block]
LISTED = {"ash.example:8443", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"}


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [(case["address"], case["allowed"]) for case in VECTORS["cases"]],
)
def test_an_address_passes_as_the_table_says(address, is_allowed):
    assert allowed(address) is is_allowed


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_passes_if_no_block_of_the_table_has_it(address):
    refused = any(address in block for block in REFUSED_4)

    assert allowed(str(address)) is not refused


@given(
    st.ip_addresses(v=6)
    | st.integers(0, 2**125 - 1).map(lambda low: IPv6Address((1 << 125) + low))
)
def test_an_ipv6_address_passes_if_it_is_global_and_in_no_block(address):
    inside = address in IPv6Network(VECTORS["ipv6_only_inside"])
    refused = any(address in block for block in REFUSED_6)

    assert allowed(str(address)) is (inside and not refused)


@pytest.mark.parametrize("block", REFUSED)
def test_both_ends_of_a_refused_block_are_refused(block):
    network = IPv6Network(block) if ":" in block else IPv4Network(block)

    assert not allowed(str(network[0]))
    assert not allowed(str(network[-1]))


@pytest.mark.parametrize(
    "text",
    ["", "ash.example", "1.1.1.1 ", "1.1.1", "01.1.1.1", "0x1.1.1.1", "16843009",
     "2606:4700:4700::1111%eth0", "[2606:4700:4700::1111]", "1.1.1.1:443",
     "\uff11.1.1.1"],
)  # fmt: skip
def test_what_is_no_address_is_not_allowed(text):
    assert not allowed(text)


@given(st.text())
def test_any_text_is_answered_with_yes_or_no(text):
    assert allowed(text) in {True, False}


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("https://ash.example", "https://ash.example/"),
        ("HTTPS://Ash.Example:443/A?b=%e3#c", "https://ash.example/A?b=%e3"),
        ("https://ash.example?q", "https://ash.example/?q"),
        ("https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"),
        ("https://1a.2b.example/x", "https://1a.2b.example/x"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("https://ash.example:8443/x", "https://ash.example:8443/x"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
    ],
)
def test_a_url_has_one_spelling(url, spelled):
    assert place(url, LISTED).url == spelled


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ash.example",
        "//ash.example/",
        "http://ash.example/",
        "https://ash.example:8444/",
        "https://ash.example:80/",
        "https://ash.example:0/",
        "https://ash.example:/",
        "https://ada@ash.example/",
        "https://ada:word@ash.example/",
        "https://ash.example\\@birch.example/",
        "https://ash.example/ x",
        "https://ash.example/\r\nHost: birch.example",
        "https://ash.example/ä",
        "https://äsh.example/",
        "https://ash.example./",
        "https://ash..example/",
        "https://-ash.example/",
        "https://as_h.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 125}example/",
        f"https://ash.example/{'x' * 2048}",
        "file:///etc/passwd",
        "gopher://ash.example/",
        "data:application/activity+json,{}",
        "ftp://ash.example/",
    ],
)
def test_a_url_of_another_kind_is_not_asked(url):
    with pytest.raises(Unfetched) as refused:
        place(url, LISTED)

    assert refused.value.code == "egress.host"


# A1 and A2 of the attack suite.
@pytest.mark.parametrize(
    "host",
    [
        *[f"[{net[1]}]" for net in REFUSED_6],
        *[str(net[1]) for net in REFUSED_4],
        "1.1.1.1", "[2606:4700:4700::1111]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]",
        "[ff02::1]", "[::ffff:127.0.0.1]", "[::1]", "[fe80::1%25eth0]",
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1",
        "127.0.1", "127.0.0.1.", "ash.127", "ash.0x7f",
        "\uff11\uff12\uff17.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
        "localhost%00.ash.example",
    ],
)  # fmt: skip
def test_a_host_that_is_a_number_in_any_spelling_is_not_asked(host):
    with pytest.raises(Unfetched) as refused:
        place(f"https://{host}/", LISTED)

    assert refused.value.code == "egress.host"


def test_what_is_listed_is_listed_with_its_port():
    assert place("http://localhost:8000/", LISTED).listed
    with pytest.raises(Unfetched):
        place("http://localhost:8001/", LISTED)
    with pytest.raises(Unfetched):
        place("http://localhost/", LISTED)


@given(
    st.from_regex(
        r"https://(?:[a-z0-9.-]{1,12}|\[[0-9a-f:]{2,9}\])(?::443)?[/?#][!-~]{0,9}",
        fullmatch=True,
    )
    | st.text()
)
def test_a_url_that_is_asked_has_the_origin_that_ids_have(url):
    with suppress(Unfetched):
        assert place(url).origin == origins.origin(url)
