from dataclasses import fields
from pathlib import Path

import pytest

from node import assembly, keys
from node.settings import BadSetting, Settings, UnknownSetting
from tests.support.village import MONDAY

ASH = "https://ash.example"
RELAY = "smtp://ada:p4ss-and-more@relay.example"  # pragma: allowlist secret


def read(**given):
    return Settings.read({f"FOLKMOOT_{name}": text for name, text in given.items()})


def in_file(folder, text):
    (folder / "folkmoot.toml").write_text(text)
    return {"DATA": str(folder)}


def test_the_defaults_need_nothing_else():
    settings = Settings.read({})

    assert settings == Settings()
    given = [settings.database_url, settings.broker_url, settings.smtp_url]
    assert not any(given)


def test_every_setting_can_be_given_in_the_environment():
    given = {
        "DATA": "/srv/ash", "PUBLIC_URL": ASH, "EXTRA_HOSTS": "a.example, b.example",
        "TRUSTED_PROXY": "10.0.0.1", "KEYS": "/srv/keys", "CLOCK": "fixed:2026-03-02",
        "DATABASE_URL": "postgresql://h/d", "BROKER_URL": "redis://h",
        "EMBEDDED": "0", "SMTP_URL": "smtp://h", "MAIL_FROM": "moot@ash.example",
        "LEDGER_INTERVAL": "5", "LEDGER_COVER": "1", "CA_FILE": "/srv/ca.pem",
        "LEDGER_EXPORT": "s3://audit/ledger", "LEDGER_RECOVERY": "1, a, b",
        "LEDGER_MIRROR": "64", "JOURNAL_COPY": "/mnt/copy",
        "FILES": "s3://ash/files",
        "FEDERATION_INSECURE_HOSTS": "localhost:1", "FEDERATION_SIGNED_GET": "1",
    }  # fmt: skip

    settings = read(**given)

    assert {name.lower() for name in given} == {each.name for each in fields(Settings)}
    assert settings == Settings(
        data=Path("/srv/ash"),
        public_url=ASH,
        extra_hosts=("a.example", "b.example"),
        trusted_proxy="10.0.0.1",
        keys="/srv/keys",
        database_url="postgresql://h/d",
        broker_url="redis://h",
        embedded=False,
        smtp_url="smtp://h",
        mail_from="moot@ash.example",
        federation_insecure_hosts=("localhost:1",),
        federation_signed_get=True,
        ca_file="/srv/ca.pem",
        ledger_interval=5,
        ledger_cover=1,
        ledger_export="s3://audit/ledger",
        ledger_recovery=("1", "a", "b"),
        files="s3://ash/files",
        ledger_mirror=64,
        journal_copy="/mnt/copy",
        clock="fixed:2026-03-02",
    )


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("PUBLIC_URI", "FOLKMOOT_PUBLIC_URL"),
        ("LEDGER_COVERS", "FOLKMOOT_LEDGER_COVER"),
        ("SMTP_URL_FILES", "FOLKMOOT_SMTP_URL"),
        ("QQQQQQ", "docs/settings.md"),
    ],
)
def test_a_name_nobody_knows_stops_the_start_and_the_nearest_is_named(wrong, near):
    with pytest.raises(UnknownSetting, match=f"FOLKMOOT_{wrong}.*{near}"):
        read(**{wrong: "x"})


def test_names_of_other_programs_are_no_business_of_ours():
    assert Settings.read({"PATH": "/bin", "FOLKMOOTX": "x"}) == Settings()


def test_the_file_in_the_data_folder_is_read(tmp_path):
    given = in_file(
        tmp_path,
        f'public_url = "{ASH}"\nledger_cover = 2\nembedded = false\n'
        'extra_hosts = ["a.example", "b.example"]\n',
    )

    settings = read(**given)

    assert settings.public_url == ASH
    assert (settings.ledger_cover, settings.embedded) == (2, False)
    assert settings.extra_hosts == ("a.example", "b.example")


def test_the_environment_stands_above_the_file(tmp_path):
    given = in_file(tmp_path, "ledger_cover = 2\nledger_interval = 3\n")

    settings = read(**given, LEDGER_COVER="4")

    assert (settings.ledger_cover, settings.ledger_interval) == (4, 3)


def test_a_name_nobody_knows_in_the_file_stops_the_start(tmp_path):
    given = in_file(tmp_path, "ledger_covr = 2\n")

    with pytest.raises(UnknownSetting, match=r"ledger_covr\..*ledger_cover"):
        read(**given)


def test_the_file_cannot_say_where_the_file_is(tmp_path):
    given = in_file(tmp_path, 'data = "/elsewhere"\n')

    with pytest.raises(UnknownSetting, match="data"):
        read(**given)


@pytest.mark.parametrize("text", [b"ledger_cover = \n", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path, text):
    (tmp_path / "folkmoot.toml").write_bytes(text)

    with pytest.raises(BadSetting, match="is not TOML"):
        read(DATA=str(tmp_path))


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path):
    (tmp_path / "smtp").write_text(f"{RELAY}\n")

    settings = read(SMTP_URL_FILE=str(tmp_path / "smtp"))

    assert settings.smtp_url == RELAY


def test_a_secrets_file_that_cannot_be_read_is_named_and_not_shown(tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")

    for path in (tmp_path / "absent", tmp_path / "bytes", tmp_path):
        with pytest.raises(BadSetting, match="FOLKMOOT_SMTP_URL_FILE"):
            read(SMTP_URL_FILE=str(path))


@pytest.mark.parametrize("name", ["DATABASE_URL", "BROKER_URL", "SMTP_URL"])
@pytest.mark.parametrize("word", ["changeme", "CHANGE-ME", "password", "secret"])
def test_a_placeholder_for_a_secret_stops_the_start(name, word):
    with pytest.raises(BadSetting, match=f"FOLKMOOT_{name} still holds") as no:
        read(**{name: f"smtp://ada:{word}@relay.example"})

    assert word not in str(no.value)


@pytest.mark.parametrize(
    "given",
    [
        {"EMBEDDED": "perhaps"},
        {"LEDGER_COVER": "eight"},
        {"LEDGER_COVER": "-8"},
        {"LEDGER_EXPORT": "out"},
        {"LEDGER_EXPORT": "https://bucket"},
        {"FILES": "files"},
        {"LEDGER_INTERVAL": "0"},
        {"LEDGER_INTERVAL": "-1"},
        {"PUBLIC_URL": ""},
        {"PUBLIC_URL": "ash.example"},
        {"PUBLIC_URL": "ftp://ash.example"},
        {"PUBLIC_URL": "https://"},
        {"PUBLIC_URL": "https://ash.example/moot"},
        {"PUBLIC_URL": "https://ash.example?a=b"},
        {"PUBLIC_URL": "https://ash.example#top"},
        {"PUBLIC_URL": "https://ash.example:99999"},
        {"PUBLIC_URL": "https://ash.example:web"},
        {"PUBLIC_URL": "https://[::1"},
        {"SMTP_URL": "smtp://relay.example:mail"},
    ],
)
def test_a_value_the_node_cannot_work_with_is_refused(given):
    with pytest.raises(BadSetting, match=f"FOLKMOOT_{next(iter(given))}"):
        read(**given)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("0", False)])
def test_flags_are_yes_or_no(text, value):
    assert read(EMBEDDED=text).embedded is value


def test_the_public_url_says_how_people_reach_the_node():
    settings = read(PUBLIC_URL="http://Ash.Example:8000/")

    assert settings.origin == "http://Ash.Example:8000"
    assert settings.host == "ash.example:8000"
    assert (settings.hostname, settings.port) == ("ash.example", 8000)


@pytest.mark.parametrize(
    ("url", "port", "secure", "loopback"),
    [
        (ASH, 443, True, False),
        ("http://ash.example", 80, False, False),
        ("http://localhost", 80, False, True),
        ("http://[::1]:8000", 8000, False, True),
        ("https://127.0.0.1", 443, True, True),
    ],
)
def test_ports_and_schemes_say_who_can_come(url, port, secure, loopback):
    settings = read(PUBLIC_URL=url)

    assert settings.port == port
    assert (settings.secure, settings.loopback) == (secure, loopback)


def test_the_keys_are_beside_the_data_unless_said():
    assert read(DATA="/srv/ash").keys_folder == Path("/srv/ash/keys")
    assert read(DATA="/srv/ash", KEYS="/mnt/keys").keys_folder == Path("/mnt/keys")


def assembled(folder, **given):
    settings = read(DATA=str(folder), **given)
    if not settings.keys_folder.exists():
        keys.create(settings.keys_folder, lambda size: b"k" * size)
    return assembly.assemble(settings)


def test_a_node_is_assembled_as_the_settings_say_and_connects_to_nothing(tmp_path):
    plain = assembled(tmp_path)
    other = assembled(
        tmp_path,
        DATABASE_URL="postgresql://nobody.invalid/none",
        SMTP_URL="smtps://ada:w%2Frd@relay.example",  # pragma: allowlist secret
        CLOCK="fixed:2026-03-02T10:00:00+00:00",
    )

    assert plain.mail is None
    assert plain.now().microsecond % 1000 == 0
    assert other.now() == MONDAY
    assert (other.mail.host, other.mail.port, other.mail.word) == (
        "relay.example",
        465,
        "w/rd",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys"]


@pytest.mark.parametrize("clock", ["sundial", "fixed:noon", "fixed:2026-03-02"])
def test_a_clock_nobody_can_read_is_refused(tmp_path, clock):
    with pytest.raises(BadSetting, match="FOLKMOOT_CLOCK"):
        assembled(tmp_path, CLOCK=clock)
