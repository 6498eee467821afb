"""What the commands of casework print, take and refuse, beside what the API does."""

import json

import pytest
import structlog
from click.testing import CliRunner

from folkmoot import main
from governance.cases import State
from node import challenges
from node.cases.lists import PAGE
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import environment, typed
from web.commands import frame

ORDERS = "\x1b[2J\x1b]0;gone\x07 and \u202eback"


@pytest.fixture(scope="module")
def moot(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture(autouse=True)
def _log(moot):
    moot.village.pass_time(seconds=30)
    yield
    structlog.reset_defaults()


def run(moot, name, *words, by, stdin=None):
    person = ("--person", str(moot.ids[by]))
    return typed(moot, "cases", name, *words, *person, stdin=stdin)


def asked(moot, by, role, path):
    token = token_of(moot.node, moot.ids[by], role=role)
    return Program(app_of(moot.node), moot.node, token).ask("GET", path)


def put_up(moot, state=State.WORKING, **told):
    made = moot.tell(by=moot["ada"], **told)
    moot.bring(made, state)
    return made.reference


@pytest.mark.parametrize(
    ("words", "by", "role", "path"),
    [
        (("list",), "iris", "coordinator", "/desk"),
        (("list", "--own"), "ada", "", "/cases"),
        (("to-triage",), "iris", "coordinator", "/triage"),
        (("aside",), "olga", "coordinator", "/aside"),
        (("show", "REF"), "cleo", "advocate", "/cases/REF"),
        (("behind", "REF"), "cleo", "advocate", "/cases/REF/behind"),
    ],
)
def test_as_json_a_command_prints_what_the_api_answers(moot, words, by, role, path):
    ref = put_up(moot)
    put_up(moot, State.RECEIVED)
    put_up(moot, State.DISCARDED)
    words = [word.replace("REF", ref) for word in words]

    printed = run(moot, *words, "--json", by=by)
    answered = asked(moot, by, role, "/api/v1" + path.replace("REF", ref))

    assert (printed.exit_code, answered.status_code) == (0, 200)
    assert json.loads(printed.stdout) == answered.json
    assert answered.json


def test_after_a_move_the_json_is_the_case(moot):
    ref = put_up(moot)

    done = run(moot, "ask", ref, "--json", by="cleo", stdin="Since when?")

    assert json.loads(done.stdout)["state"] == "waiting_member"


def test_a_desk_is_a_table_by_next_promise(moot):
    ref = put_up(moot)

    done = run(moot, "list", by="cleo")

    head, *lines = done.stdout.splitlines()
    assert head.split()[:4] == ["case", "ref", "state", "priority"]
    (mine,) = [line for line in lines if line.startswith(ref)]
    assert mine.split()[1:3] == ["working", "normal"]
    assert "  Cleo  " in mine
    assert mine.endswith("The heating has been off for three weeks")


def test_a_page_of_the_desk_that_never_was_is_refused(moot):
    done = run(moot, "list", "--after", "7", by="cleo")

    assert done.exit_code == 1
    assert done.stderr == "Error: invalid.choice: No page ended there.\n"
    assert asked(moot, "cleo", "advocate", "/api/v1/desk?after=7").status_code == 422


def test_nobody_gives_orders_to_the_terminal(moot):
    assert "\x1b" not in frame.plain(ORDERS)
    ref = put_up(moot, State.RECEIVED, text=f"Look: \u202egnp.exe {'x' * 90}")

    for done in (run(moot, "show", ref, by="iris"), run(moot, "list", by="iris")):
        assert done.exit_code == 0
        assert "\u202e" not in done.stdout
        assert "\N{REPLACEMENT CHARACTER}gnp.exe" in done.stdout


def test_a_cell_is_one_line_of_at_most_sixty_signs():
    runner = CliRunner()
    with runner.isolation() as (out, *_):
        frame.table([{"a": "x\n" * 40, "at": "2026-03-12T10:00:00.000Z"}], ("a", "at"))
        lines = out.getvalue().decode().splitlines()

    assert lines[1] == f"{'x ' * 29}x…  2026-03-12 10:00 UTC"
    assert lines[0].index("at") == lines[1].index("2026")


def test_words_come_from_a_file_or_the_pipe_and_from_the_line_if_one_likes(
    moot, tmp_path
):
    letter = tmp_path / "letter.txt"
    letter.write_text("Since May.\nSince June.\n", encoding="utf-8")
    ref = put_up(moot)

    for words, stdin in (
        (("--text-from", str(letter)), None),
        (("--text-from", "-"), "Since July.\r\n"),
        ((), "Since August."),
        (("--text", "Since March."), "This is not read."),
    ):
        moot.village.pass_time(seconds=30)
        assert run(moot, "reply", ref, *words, by="cleo", stdin=stdin).exit_code == 0

    shown = json.loads(run(moot, "show", ref, "--json", by="cleo").stdout)
    texts = [line["text"] for line in shown["timeline"] if line["kind"] == "reply"]
    assert texts == [
        "Since May.\nSince June.", "Since July.", "Since August.", "Since March.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reply", "X", "--text", "A", "--text-from", "-"), "not both"),
        (("release", "X"), "Only --note can be left out: say --reason."),
        (("triage", "X"), "Missing option '--topic'"),
        (("triage", "X", "--topic", "x", "--kind", "y"), "'y' is not one of 'claim'"),
        (("ask-other", "X", "--whom", "Them"), "Missing option '--until'"),
        (("seen", "X", "7"), "'7' is not a valid UUID."),
        (("reply", "X", "--text-from", "nothing-here"), "No such file"),
        (("look",), "No such command 'look'"),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_is_right(moot, words, said):
    done = run(moot, *words, by="cleo")

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


def test_what_is_no_text_is_wrong_usage(moot, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\xff")

    done = run(moot, "reply", "X", "--text-from", str(picture), by="cleo")

    assert done.exit_code == 2
    assert "no UTF-8 text" in done.stderr


def test_without_a_person_nobody_acts(moot):
    done = CliRunner().invoke(main, ["cases", "list"], env=environment(moot))

    assert done.exit_code == 2
    assert "Missing option '--person'" in done.stderr


def test_a_walled_case_is_none_on_the_terminal(moot):
    ref = put_up(moot, State.QUEUED)
    before = run(moot, "show", ref, by="gus")
    who, node = moot["iris"], moot.node
    challenges.challenge(node, ref, moot.ids["gus"], "His flat.", by=moot["olga"])
    (line,) = challenges.of_case(node, ref, by=who)
    challenges.decide(node, line.id, stands=True, by=who)

    walled = run(moot, "show", ref, by="gus")
    missing = run(moot, "show", "AM-7KQ2M8V", by="gus")

    assert before.exit_code == 0
    assert (walled.exit_code, walled.stdout, walled.stderr) == (
        missing.exit_code, missing.stdout, missing.stderr,
    )  # fmt: skip


def test_a_page_of_the_desk_leads_to_the_next(moot):
    for _ in range(51):
        moot.village.pass_time(seconds=30)
        put_up(moot, State.QUEUED)

    first = run(moot, "list", by="iris")
    after = first.stderr.splitlines()[-1].removeprefix("There is more: --after ")
    second = run(moot, "list", "--after", after, by="iris")

    refs = [
        {line.split()[0] for line in it.stdout.splitlines()[1:]}
        for it in (first, second)
    ]
    assert len(refs[0]) == 50
    assert refs[1]
    assert refs[0].isdisjoint(refs[1])


def test_a_note_is_written_and_read_on_the_terminal(moot):
    ref = put_up(moot)

    made = run(moot, "note", ref, by="cleo", stdin="She sounded afraid.")
    run(moot, "note", ref, "--sealed", "Her neighbour.", "--text", "Alone.", by="cleo")
    mine, others = (
        run(moot, "notes", ref, by="cleo"),
        run(moot, "notes", ref, by="iris"),
    )

    assert made.exit_code == 0
    assert mine.stdout.splitlines()[1::2] == ["  She sounded afraid.", "  Alone."]
    assert others.stdout.splitlines()[1::2] == [
        "  She sounded afraid.",
        "  Her neighbour.",
    ]
    assert run(moot, "notes", ref, by="ada").stdout == ""
    answer = asked(moot, "iris", "coordinator", f"/api/v1/cases/{ref}/notes")
    assert (
        json.loads(run(moot, "notes", ref, "--json", by="iris").stdout) == answer.json
    )


def test_a_long_list_of_ones_own_says_how_to_go_on(moot):
    told = [moot.tell(by=moot["ben"]).reference for _ in range(PAGE + 1)]

    first = run(moot, "list", "--own", by="ben")
    end = first.stderr.partition("--after ")[2].strip()
    second = run(moot, "list", "--own", "--after", end, by="ben")

    assert told[0] not in first.stdout
    assert told[0] in second.stdout
    assert "--after" not in second.stderr
