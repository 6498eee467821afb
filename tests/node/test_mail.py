import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from node import mail
from node.settings import BadSetting
from tests.support.processes import free_port

MESSAGE = (
    b"From: moot@ash.example\r\nTo: ada@mailbox.example\r\n\r\n.\r\nHello \xc3\xa9\r\n"
)


class Relay:
    """A real mail server; it can refuse, and wants a word where one is set."""

    def __init__(self, answer="250 OK", word=None):
        self.answer = answer
        self.taken = []
        self.known = []
        self._word = word
        self.server = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            auth_required=word is not None,
            auth_require_tls=False,
            authenticator=self._authenticate if word else None,
        )

    def _authenticate(self, _server, _session, _envelope, _mechanism, given):
        self.known.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password.decode() == self._word)

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


def hand_over(url):
    mail.relay(url, "moot@ash.example").send("ada@mailbox.example", MESSAGE)


@pytest.mark.network
@pytest.mark.enable_socket
def test_a_message_reaches_the_relay_byte_for_byte():
    with Relay() as relay:
        hand_over(relay.url())

    ((sender, to, content),) = relay.taken
    assert (sender, to) == ("moot@ash.example", ["ada@mailbox.example"])
    assert content == MESSAGE


@pytest.mark.network
@pytest.mark.enable_socket
def test_a_relay_that_wants_to_know_who_we_are_is_told():
    with Relay(word="w/rd@1") as relay:
        hand_over(relay.url(login="moot%40ash:w%2Frd%401@"))

    assert relay.known == [("moot@ash", "w/rd@1")]
    assert len(relay.taken) == 1


@pytest.mark.network
@pytest.mark.enable_socket
@pytest.mark.parametrize("answer", ["451 later", "550 never"])
def test_a_refusal_is_an_os_error(answer):
    with Relay(answer) as relay, pytest.raises(OSError, match=answer[:3]):
        hand_over(relay.url())


@pytest.mark.network
@pytest.mark.enable_socket
@pytest.mark.parametrize("login", ["", "moot:wrong@"])
def test_a_relay_that_does_not_know_us_is_an_os_error(login):
    with Relay(word="right") as relay, pytest.raises(OSError, match="53"):
        hand_over(relay.url(login=login))

    assert relay.taken == []


@pytest.mark.network
@pytest.mark.enable_socket
def test_a_relay_that_is_away_is_an_os_error():
    with pytest.raises(OSError, match="refused"):
        hand_over(f"smtp://127.0.0.1:{free_port()}")


@pytest.mark.network
@pytest.mark.enable_socket
def test_a_relay_without_the_encryption_that_was_asked_for_gets_nothing():
    with Relay() as relay:
        with pytest.raises(OSError, match="STARTTLS"):
            hand_over(relay.url(more="?starttls=1"))
        with pytest.raises(OSError, match="SSL"):
            hand_over(relay.url().replace("smtp:", "smtps:"))

    assert relay.taken == []


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
