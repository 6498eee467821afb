import io
import json
import logging as standard
import re
import sys

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import State
from node import accounts, jobs, logging, threads, vault, work
from node.jobs import Asked
from node.threads import Words
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Browser, Program, app_of, token_of
from web.app import create_app

CANARY = {
    "text": "canary-story the heating is off",
    "wanted_outcome": "canary-wish a repair",
    "place": "canary-place Mill Lane 7",
    "name": "canary-name",
    "contact": {"email": "canary.mail@mailbox.example"},
}
CODE = re.compile(r"[a-z]+(\.[a-z_-]+)+")


@pytest.fixture
def start():
    """How a program begins to log; undone after the test."""
    yield logging.start
    structlog.reset_defaults()


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


def test_a_line_has_its_code_level_and_moment(start, capsys):
    start()
    logging.log().warning("mail.capped", n=3)

    (line,) = lines(capsys)
    assert line.keys() == {"event", "level", "ts", "n"}
    assert (line["event"], line["level"], line["n"]) == ("mail.capped", "warning", 3)
    assert line["ts"].endswith("Z")


def test_a_line_goes_to_where_standard_error_is_then(start, capsys, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(sys, "stderr", io.StringIO())
        start()
    logging.log().error("worker.failed", problem="OSError")

    (line,) = lines(capsys)
    assert line["event"] == "worker.failed"


def test_what_is_not_on_the_list_is_left_out(start, capsys):
    start()
    logging.log().error("job.failed", kind="mail", words="canary", exc_info=True)

    (line,) = lines(capsys)
    assert line.keys() == {"event", "level", "ts", "kind"}


@given(
    fields=st.dictionaries(
        st.one_of(st.sampled_from(sorted(logging.FIELDS)), st.text(max_size=12)),
        st.one_of(st.integers(), st.text(max_size=300)),
    )
)
def test_no_field_and_no_letter_too_many(fields):
    kept = logging._closed(None, "info", dict(fields))  # noqa: SLF001 - decided there

    assert kept.keys() == fields.keys() & logging.FIELDS
    assert all(kept[name] in (fields[name], str(fields[name])[:200]) for name in kept)
    assert all(len(text) <= 200 for text in kept.values() if isinstance(text, str))


def test_a_long_text_is_cut(start, capsys):
    start()
    logging.log().info("http.request", route="x" * 300)

    assert [line["route"] for line in lines(capsys)] == ["x" * 200]


def test_line_breaks_cannot_make_another_line(start, capsys):
    start()
    logging.log().info("http.request", route='x\n{"event": "session.forged"}')

    assert [line["event"] for line in lines(capsys)] == ["http.request"]


def test_less_than_the_level_is_silent(start, capsys):
    start(standard.WARNING)

    logging.log().info("http.request")

    assert lines(capsys) == []


def test_frames_name_our_files_and_never_what_was_said():
    place = vault.Place("canary", "words", "row")
    with pytest.raises(vault.Damaged) as broken:
        vault.unseal(b"k" * 32, place, b"\1 canary-cell that is not one")

    said = logging.frames(broken.tb)

    assert re.search(r"node/vault\.py:\d+$", said)
    assert "canary" not in said


def fail(_node, _subject):
    raise ValueError("canary-story")


def live(moot, monkeypatch):
    """Let everything happen that touches somebody's words; return the secrets."""
    app = app_of(moot.node)
    program = Program(app, moot.node)
    asked = {"Idempotency_Key": "canary-key-of-a-guest"}
    made = program.ask("POST", "/api/v1/submissions", CANARY, **asked).json
    browser = Browser(app, moot.node)
    browser.get(f"/c/{made['token']}")
    browser.get(f"/c/{made['token']}x?canary-query=1")
    browser.get("/canary-path", headers={"User-Agent": "canary-agent"})
    browser.post("/tell/1", {"text": "canary-page"})
    program.ask("POST", "/api/v1/submissions", {"text": 1, "canary-field": "x"})
    program.http.post(
        "/api/v1/submissions", data=b'{"canary', content_type="application/json"
    )
    accounts.ask_link(moot.node, "cleo@ash.example", source=members.HERE)
    work.sweep(moot.node)
    mail = moot.village.mails[-1][1].get_content()
    (link,) = re.findall(r"/sign-in/(\S+)", mail)
    browser.get(f"/sign-in/{link}")
    browser.post(f"/sign-in/{link}", {})
    authority = token_of(moot.node, moot.ids["cleo"], "cases:read")
    Program(app, moot.node, authority).ask("GET", f"/api/v1/cases/{made['case_ref']}")
    Program(app, moot.node, "Bearer canary-token").ask("GET", "/api/v1/cases")
    told = moot.tell(text=CANARY["text"], contact="canary.two@mailbox.example")
    moot.bring(told, State.WORKING)
    threads.reply(
        moot.node, told.reference, Words(told.case_id, "canary-reply"), by=moot["cleo"]
    )
    monkeypatch.setitem(work.KINDS, "broken", fail)
    with moot.node.begin() as tx:
        jobs.put(moot.node, tx, Asked("broken", "one", moot.node.now()))
    moot.village.mailbox.away = True
    work.sweep(moot.node)
    return [made["token"], link, authority.split()[-1], told.link_token]


def test_nothing_anybody_said_and_no_token_is_ever_logged(
    moot, monkeypatch, capsys, caplog, start
):
    start()
    secrets = live(moot, monkeypatch)

    captured = capsys.readouterr()
    said = captured.out + captured.err + caplog.text
    events = {json.loads(line)["event"] for line in captured.err.splitlines()}
    assert {"http.request", "job.failed"} <= events
    assert all(CODE.fullmatch(event) for event in events)
    hidden = ["canary", "heating", "Mill Lane", "mailbox.example", "cleo@"]
    hidden += [members.HERE, "127.0.0.1", *secrets, *(one[:12] for one in secrets)]
    assert not [one for one in hidden if one in said]


def test_a_page_that_breaks_is_logged_by_its_type_and_place(
    moot, monkeypatch, capsys, caplog, start
):
    def burst(*_asked):
        raise ValueError("canary-story")

    app = create_app(moot.node)
    monkeypatch.setattr("node.log.checkpoint", burst)
    start()

    Browser(app, moot.node).get("/ledger/checkpoint")

    captured = capsys.readouterr()
    assert "ValueError" in captured.err
    assert "views/log.py:" in captured.err
    assert "canary" not in captured.out + captured.err + caplog.text
