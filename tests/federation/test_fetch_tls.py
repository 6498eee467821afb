import ssl
import warnings

import pytest

from federation.errors import Unfetched
from federation.fetch import Guard
from tests.support import certificates
from tests.support.hostile_http import Clock, Hostile, Leaping, answer, moved

# Never with `enable_socket`, which lifts the limit to loopback that `network` sets.
pytestmark = pytest.mark.network

ROOT = certificates.authority()
GOOD = certificates.certificate("ash.example", ROOT)


@pytest.fixture
def ca_file(tmp_path):
    return ROOT.write(tmp_path)


class Blurting(Hostile):
    """Says what it says before anybody asked."""

    def _answer(self, connection):
        connection.sendall(self.answers)
        connection.recv(65536)


def fetch(tls, ca_file, said=None, clock=None):
    with Hostile(said or answer(b"{}"), tls) as server:
        return fetch_from(server, ca_file, clock)


def fetch_from(server, ca_file, clock=None):
    listed = {f"ash.example:{server.port}", f"birch.example:{server.port}"}
    guard = Guard(
        "Folkmoot/1",
        insecure=frozenset(listed),
        ca_file=ca_file,
        resolve=lambda _host, _port: ["127.0.0.1"],
        monotonic=clock or Clock(),
    )
    return guard.get(server.url(scheme="https"))


def refused(*how, **more):
    with pytest.raises(Unfetched) as refusal:
        fetch(*how, **more)
    return refusal.value.code


def test_a_good_certificate_for_the_name_is_accepted(tmp_path, ca_file):
    assert fetch(GOOD.server(tmp_path), ca_file).body == b"{}"


def test_the_server_is_told_the_name_and_not_the_address(tmp_path, ca_file):
    told = []
    tls = GOOD.server(tmp_path)
    tls.sni_callback = lambda _socket, name, _context: told.append(name)

    fetch(tls, ca_file)

    assert told == ["ash.example"]


# A13. That the host is listed changes nothing here.
@pytest.mark.parametrize(
    "shown",
    [
        certificates.certificate("ash.example", None),
        certificates.certificate("ash.example", ROOT, certificates.PAST),
        certificates.certificate("birch.example", ROOT),
        certificates.certificate("127.0.0.1", ROOT),
        certificates.certificate("*.ash.example", ROOT),
        certificates.certificate("ash.example", certificates.authority()),
        certificates.certificate("ash.example", GOOD),
    ],
    ids=[
        "self-signed",
        "expired",
        "other name",
        "address",
        "below",
        "stranger",
        "leaf",
    ],
)
def test_a_bad_certificate_is_refused(shown, tmp_path, ca_file):
    assert refused(shown.server(tmp_path), ca_file) == "egress.tls"


def test_a_chain_of_the_same_certificates_is_refused(tmp_path, ca_file):
    stranger = certificates.authority()
    leaf = certificates.certificate("ash.example", stranger)
    chain = certificates.Signed(
        leaf.certificate, leaf.key, (stranger.certificate,) * 20
    )

    assert refused(chain.server(tmp_path), ca_file) == "egress.tls"


def test_an_authority_nobody_named_counts_for_nothing(tmp_path):
    assert refused(GOOD.server(tmp_path), None) == "egress.tls"


# A14
def test_the_environment_names_no_authority(tmp_path, ca_file, monkeypatch):
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(ca_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))

    assert refused(GOOD.server(tmp_path), None) == "egress.tls"
    assert not (tmp_path / "keys.log").exists()


def test_an_old_version_of_tls_is_refused(tmp_path, ca_file):
    tls = GOOD.server(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tls.set_ciphers("ALL:@SECLEVEL=0")
        tls.minimum_version = ssl.TLSVersion.TLSv1
        tls.maximum_version = ssl.TLSVersion.TLSv1_1

    assert refused(tls, ca_file) == "egress.tls"


def test_the_oldest_version_that_is_good_is_accepted(tmp_path, ca_file):
    tls = GOOD.server(tmp_path)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2

    assert fetch(tls, ca_file).status == 200


def test_a_server_that_speaks_plainly_is_refused(ca_file):
    blurting = Blurting(b"HTTP/1.1 400 Speak TLS\r\n\r\n")

    with blurting as server, pytest.raises(Unfetched, match=r"egress\.tls"):
        fetch_from(server, ca_file)


def test_a_handshake_that_never_comes_is_slow(ca_file):
    assert refused(None, ca_file, clock=Leaping(left=0.1, of=10)) == "egress.slow"


# A7
def test_no_hop_leads_from_https_down_to_http(tmp_path, ca_file):
    def down(connection):
        port = connection.getsockname()[1]
        connection.sendall(moved(f"http://ash.example:{port}/b"))

    assert refused(GOOD.server(tmp_path), ca_file, down) == "egress.redirect"


def test_another_name_on_the_way_needs_its_own_certificate(tmp_path, ca_file):
    def aside(connection):
        port = connection.getsockname()[1]
        connection.sendall(moved(f"https://birch.example:{port}/b"))

    assert refused(GOOD.server(tmp_path), ca_file, aside) == "egress.tls"
