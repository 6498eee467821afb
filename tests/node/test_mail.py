import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from node import mail
from node.settings import BadSetting
from tests.support.processes import free_port

MESSAGE = (
    b"From: moot@ash.example\r\nTo: ada@mailbox.example\r\n\r\n.\r\nHello \xc3\xa9\r\n"
)


class Relay:
    """A real mail server; it can refuse, and wants a word where one is set."""

    def __init__(self, answer="250 OK", word=None, certificate=None):
        self.answer = answer
        self.taken = []
        self.known = []
        self._word = word
        self.server = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=certificate and shown(certificate),
            auth_required=word is not None,
            auth_require_tls=False,
            authenticator=self._authenticate if word else None,
        )

    def _authenticate(self, _server, _session, _envelope, _mechanism, given):
        self.known.append((given.login.decode(), given.password.decode()))
        right = given.password.decode() == self._word
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_error):
        self.server.stop(no_assert=True)

    def url(self, login="", more=""):
        return f"smtp://{login}127.0.0.1:{self.server.port}{more}"


def shown(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def certificate(tmp_path):
    """A certificate for the relay's address that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path / "relay.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


def hand_over(url):
    mail.relay(url, "moot@ash.example").send("ada@mailbox.example", MESSAGE)


@pytest.mark.network
def test_a_message_reaches_the_relay_byte_for_byte():
    with Relay() as relay:
        hand_over(relay.url())

    ((sender, to, content),) = relay.taken
    assert (sender, to) == ("moot@ash.example", ["ada@mailbox.example"])
    assert content == MESSAGE


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.network
def test_a_relay_that_wants_to_know_who_we_are_is_told():
    with Relay(word="w/rd@1") as relay:
        hand_over(relay.url(login="moot%40ash:w%2Frd%401@"))

    assert relay.known == [("moot@ash", "w/rd@1")]
    assert len(relay.taken) == 1


@pytest.mark.network
@pytest.mark.parametrize("answer", ["451 later", "550 never"])
def test_a_refusal_is_an_os_error(answer):
    with Relay(answer) as relay, pytest.raises(OSError, match=answer[:3]):
        hand_over(relay.url())


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.network
@pytest.mark.parametrize("login", ["", "moot:wrong@"])
def test_a_relay_that_does_not_know_us_is_an_os_error(login):
    with Relay(word="right") as relay, pytest.raises(OSError, match="53"):
        hand_over(relay.url(login=login))

    assert relay.taken == []


@pytest.mark.network
def test_a_relay_that_is_away_is_an_os_error():
    with pytest.raises(OSError, match="refused"):
        hand_over(f"smtp://127.0.0.1:{free_port()}")


@pytest.mark.network
def test_a_relay_without_the_encryption_that_was_asked_for_gets_nothing():
    with Relay() as relay:
        with pytest.raises(OSError, match="STARTTLS"):
            hand_over(relay.url(more="?starttls=1"))
        with pytest.raises(OSError, match="SSL"):
            hand_over(relay.url().replace("smtp:", "smtps:"))

    assert relay.taken == []


@pytest.mark.network
def test_a_relay_nobody_vouches_for_gets_nothing(certificate):
    with (
        Relay(certificate=certificate) as relay,
        pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        hand_over(relay.url().replace("smtp:", "smtps:"))

    assert relay.taken == []


@pytest.mark.network
def test_a_relay_the_machine_trusts_gets_it_encrypted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with Relay(certificate=certificate) as relay:
        hand_over(relay.url().replace("smtp:", "smtps:"))

    assert [content for _, _, content in relay.taken] == [MESSAGE]


@pytest.mark.network
def test_an_address_that_cannot_be_written_to_is_an_os_error():
    with Relay() as relay, pytest.raises(OSError, match="address"):
        mail.relay(relay.url(), "moot@ash.example").send("ad\u00e4@x.example", b"")


def test_inside_a_transaction_no_mail_leaves(village):
    ash = village.build("https://ash.example")

    with ash.begin(), pytest.raises(RuntimeError, match="inside a transaction"):
        hand_over("smtp://relay.example")


@pytest.mark.parametrize(
    ("url", "port", "starttls"),
    [
        ("smtp://relay.example", 25, False),
        ("smtp://relay.example:587?starttls=1", 587, True),
        ("smtp://relay.example?starttls=0", 25, False),
        ("smtps://relay.example", 465, False),
    ],
)
def test_ports_and_encryption_follow_the_address(url, port, starttls):
    found = mail.relay(url, "moot@ash.example")

    assert (found.host, found.port, found.starttls) == ("relay.example", port, starttls)


@pytest.mark.parametrize("url", ["http://relay.example", "smtp://", "relay.example"])
def test_what_is_no_relay_is_refused(url):
    with pytest.raises(BadSetting, match="FOLKMOOT_SMTP_URL"):
        mail.relay(url, "moot@ash.example")


def test_nothing_prints_the_word():
    found = mail.relay("smtp://moot:w0rd-canary@relay.example", "moot@ash.example")

    assert "w0rd-canary" not in repr(found)
