"""Saved cases and fraud files, checked by a person with the file they kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import frauds, moved, walk, wholes
from tests.browser.asking import check, found
from tests.browser.test_pages import CHECKS, RULES
from tests.browser.test_verifier_wholes import fraud_in_python, thread_in_python
from tests.ledger.honest import Chain, Moved, Node
from tests.ledger.test_audit import served
from tests.ledger.worked import LOG, STATEMENTS

KNOWING = wholes.READERS["with all keys"]
POLICY = wholes.POLICY


def kept_copy(node: Node, folder, at=None):
    """Write a copy of a log's public files, as it publishes them."""
    for path, raw in served(node).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    (folder / "checkpoint").write_bytes(node.note(at=node.now if at is None else at))
    return folder


def check_case(page, raw, folder=None, **typed):
    """Check an archive against a copy of the log."""
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "case.zip", "mimeType": "application/zip", "buffer": raw}
    )
    page.locator("#v-policy").fill(POLICY)
    page.locator("#v-statements").fill(str(STATEMENTS.vkey))
    if folder:
        page.get_by_label("Folder of the ledger").set_input_files(folder)
    for name, text in typed.items():
        page.locator(f"#v-{name}").evaluate("(it, text) => { it.value = text }", text)
    walk.press(page, "Check it")
    return page.locator("[data-result]")


@pytest.fixture(scope="module")
def large():
    """A log of more than one bundle, and a case in it."""
    node, case = Node(), Chain("mine")
    node.say(case)
    while node.size < 300:
        node.cover()
    node.say(case)
    return node, case


def test_a_saved_case_is_whole_and_no_network_is_needed(alone, tmp_path):
    node, _ = wholes.town()

    result = check_case(alone, wholes.zipped(), kept_copy(node, tmp_path))

    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")
    expect(result.locator("[data-proven]")).to_contain_text(
        "The case has 3 entries in the ledger node.example/ledger of 11 entries. "
        "All of them are here, in their order, and none besides."
    )
    expect(result.locator("[data-says]")).to_contain_text("Entry 2")
    expect(result.locator("[data-open]")).to_contain_text("nothing was added later")
    assert [ok for _, ok, _ in found(result)] == ["true"] * 9


def test_a_log_of_several_files_of_entries_is_read_to_its_end(alone, large, tmp_path):
    node, case = large
    raw = wholes.packed(node, case)

    result = check_case(alone, raw, kept_copy(node, tmp_path))

    expect(result.locator("[data-proven]")).to_contain_text("has 2 entries")
    (tmp_path / "tile/entries/000").unlink()
    result = check_case(alone, raw, tmp_path)
    expect(alone.locator("#v-copy-error")).to_contain_text("or not all of it")


def test_an_entry_that_was_kept_back_is_found_by_reading_the_ledger(alone, tmp_path):
    node, case = wholes.town()
    shown = Chain("mine", case.entries[:2], case.indexes[:2])
    raw = wholes.packed(node, shown, head=None)

    result = check_case(alone, raw, kept_copy(node, tmp_path))

    expect(result.locator("[data-banner]")).to_contain_text("This case did not pass.")
    expect(result.locator("[data-told]")).to_be_hidden()
    assert [code for _, ok, code in found(result) if ok == "false"] == [
        "withheld",
        "not-checked",
    ]


def test_a_case_that_went_on_after_it_was_saved_accuses_nobody(alone, tmp_path):
    node, case, saved = wholes.gone_on(2)
    raw = wholes.packed(node, saved, head=node.head(saved, 11))

    result = check_case(alone, raw, kept_copy(node, tmp_path))

    expect(result.locator("[data-banner]")).to_have_text(
        "The case has gone on since you saved it. "
        "Entries that were added: 2. Save it again to check those too."
    )
    expect(result.locator("[data-open] .bad")).to_have_text("That the case is whole.")
    expect(result.locator("[data-says] dt", has_text="Entry ")).to_have_text(
        ["Entry 0", "Entry 1", "Entry 2"]
    )
    assert [code for _, ok, code in found(result) if ok == "false"] == [
        "grown",
        "not-checked",
    ]
    again = check_case(alone, wholes.packed(node, case), tmp_path)
    expect(again.locator("[data-banner]")).to_contain_text("This case is whole.")


@pytest.mark.parametrize(("number", "here", "away"), [(0, 3, 2), (1, 2, 3)])
def test_a_case_over_two_ledgers_is_checked_in_each(
    alone, tmp_path, number, here, away
):
    it = Moved(3, 2)
    node = it.nodes[number]

    result = check_case(alone, moved.zipped(it, number), kept_copy(node, tmp_path))

    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")
    expect(result.locator("[data-proven]")).to_contain_text(
        f"The case has 5 entries. {here} of them stand in the ledger {node.origin} of "
    )
    expect(result.locator("[data-open]")).to_contain_text(
        f"holds the other entries, and no more: {away}. Check the case with a copy of"
    )
    says = result.locator("[data-says]").inner_text()
    assert says.count(f"in the ledger {it.nodes[1 - number].origin}") == away
    assert says.count("in the ledger ") == away
    assert [ok for _, ok, _ in found(result)] == ["true"] * 9


def test_an_entry_erased_in_another_ledger_is_said_to_stand_there(alone, tmp_path):
    it = Moved(3, 2)
    raw = moved.zipped(it, 1, 1)

    result = check_case(alone, raw, kept_copy(it.nodes[1], tmp_path), erased="1")

    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")
    expect(result.locator("[data-says]")).to_contain_text(
        "Erased. It stood in another ledger of this server."
    )


def test_an_erased_entry_is_named_by_its_number(alone, tmp_path):
    node, case = wholes.town()
    raw = wholes.packed(node, case, without=1)

    result = check_case(alone, raw, kept_copy(node, tmp_path), erased="1")

    expect(result.locator("[data-says]")).to_contain_text("Erased. #")
    expect(result.locator("[data-open]")).to_contain_text("no public notice names: 1.")
    named = wholes.packed(node, case, without=1, named=True)
    result = check_case(alone, named, tmp_path, erased="")
    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")
    expect(result.locator("[data-says]")).to_contain_text("Erased. #")
    check_case(alone, raw, tmp_path, erased="none")
    expect(alone.locator("#v-erased-error")).to_contain_text("is not a number")


def test_a_case_without_the_ledger_is_never_called_whole(alone):
    result = check_case(alone, wholes.zipped())

    expect(result.locator("[data-banner]")).to_contain_text("Every receipt in it is")
    expect(result.locator("[data-open] .bad")).to_have_text(
        "Whether anything is missing was not checked."
    )
    expect(result.locator("[data-steps] > li")).to_have_count(3)
    expect(result.locator("[data-steps]")).to_contain_text("case-0002.tlog-proof")
    says = result.locator("[data-says]")
    expect(says.locator("dt", has_text="Entry ")).to_have_text(
        ["Entry 0", "Entry 1", "Entry 2"]
    )
    assert says.inner_text().count("Seal") == 3


def test_the_words_keep_their_lines_and_break_between_words(alone):
    result = check_case(alone, wholes.zipped())

    looks = "it => { const { whiteSpace, wordBreak } = getComputedStyle(it); return"
    for said in result.locator("[data-says] dd").all():
        assert said.evaluate(f"{looks} [whiteSpace, wordBreak] }}") == [
            "pre-wrap",
            "normal",
        ]


def test_one_damaged_receipt_in_a_case_is_pointed_at(alone):
    node, case = wholes.town()
    raw = wholes.packed(node, case, broken=1)

    result = check_case(alone, raw)

    expect(result.locator("[data-banner]")).to_contain_text("A receipt in it did not")
    assert [ok for _, ok, _ in found(result)] == ["true", "false", "true"]


def test_nobody_saw_the_log_and_that_is_said_in_red(alone, tmp_path):
    node, _ = wholes.town()
    (tmp_path / "log").mkdir()
    folder = kept_copy(node, tmp_path / "log")
    (folder / "checkpoint").write_bytes(node.note())

    result = check_case(alone, wholes.zipped(), folder)

    expect(result.locator("[data-banner]")).to_contain_text("Too few witnesses.")
    expect(result.locator("[data-open] .bad")).to_have_text("0 witnesses.")


@pytest.mark.parametrize(
    ("name", "raw"),
    [("case.zip", b"PK, but no archive"), ("one.fm-fraud", b"{"), ("it", b"")],
)
def test_what_cannot_be_read_is_refused_by_name(alone, name, raw):
    codes = {"case.zip": "archive", "one.fm-fraud": "json-malformed"}

    result = check(alone, raw, POLICY)

    code = codes.get(name, "proof-malformed")
    expect(result.locator("[data-step='1']")).to_contain_text(f"Code: {code}")


@pytest.mark.parametrize(
    ("first", "code"), [(b"PK\3\4", "archive"), (b'{"t"', "json-too-long")]
)
def test_a_gigabyte_of_anything_is_refused_at_once(alone, tmp_path, first, code):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.write(first)
        file.truncate(2**30)
    alone.get_by_label("File", exact=True).set_input_files(large)
    alone.locator("#v-policy").fill(POLICY)

    walk.press(alone, "Check it")

    expect(alone.locator("[data-step='1']")).to_contain_text(f"Code: {code}")


def test_a_folder_that_is_no_ledger_is_asked_for_again(alone, tmp_path):
    (tmp_path / "hello").write_text("hello")

    check_case(alone, wholes.zipped(), tmp_path)

    expect(alone.locator("#v-copy-error")).to_contain_text("does not hold the ledger")
    expect(alone.locator("#v-copy")).to_be_focused()


def test_a_case_whose_receipts_lack_its_key_asks_for_it(alone, tmp_path):
    node, case = wholes.town()
    raw = wholes.packed(node, case, keyless=True)

    check_case(alone, raw, kept_copy(node, tmp_path))

    expect(alone.locator("#v-key-error")).to_be_visible()
    result = check_case(alone, raw, tmp_path, key=wholes.key_of(case))
    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")


# Fraud


@pytest.mark.parametrize("kind", ["split", "rewrite", "twin", "withheld", "rollback"])
def test_each_kind_of_fraud_is_said_in_a_sentence(alone, kind):
    knows = frauds.READERS["who knows all keys"]
    choose_fraud(alone, frauds.kinds()[kind], knows)

    walk.press(alone, "Check it")

    result = alone.locator("[data-result]")
    expect(result.locator("[data-banner]")).to_contain_text("This proves fraud.")
    said = result.locator("[data-proven]").inner_text()
    assert said.startswith("The ledger node.example/ledger ")
    assert not re.search(r"\{\w+\}|undefined|null", said)


def choose_fraud(page, raw, reader):
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "it.fm-fraud", "mimeType": "application/json", "buffer": raw}
    )
    page.locator("#v-policy").fill(reader.policy.decode())
    page.locator("#v-statements").fill("\n".join(reader.statements))


def test_a_fraud_file_is_pasted(alone):
    knows = frauds.READERS["who knows all keys"]
    choose_fraud(alone, b"", knows)
    alone.get_by_label("File", exact=True).set_input_files([])
    text = frauds.kinds()["split"].decode()
    alone.get_by_label("Or paste its text").fill(f"{text}\n")

    walk.press(alone, "Check it")

    expect(alone.locator("[data-banner]")).to_contain_text("This proves fraud.")


def test_the_file_judges_every_published_case_as_python_does(alone):
    theirs, ours = {}, {}
    knows = frauds.READERS["who knows all keys"]
    for name, raw in frauds.cases().items():
        choose_fraud(alone, raw, knows)
        walk.press(alone, "Check it")
        result = alone.locator("[data-result]")
        expect(result).to_be_visible()
        [[_, ok, code]] = found(result)
        theirs[name] = (ok == "true", code)
        judged = fraud_in_python(knows, raw)
        ours[name] = (judged["holds"], judged["code"])

    assert theirs == ours
    assert len(theirs) == 24


def test_the_file_finds_in_cases_what_python_finds(alone, tmp_path):
    node, case = wholes.town()
    folder = kept_copy(node, tmp_path)
    theirs, ours = [], []
    for broken in (None, 0, 1, 2):
        raw = wholes.packed(node, case, broken=broken)
        result = check_case(alone, raw, folder)
        expect(result).to_be_visible()
        theirs.append(found(result))
        held = wholes.whole(node, case, receipts=wholes.broken(node, case, broken))
        findings = thread_in_python(KNOWING, held)["findings"]
        ours.append(
            [[str(it["step"]), str(it["ok"]).lower(), it["code"]] for it in findings]
        )

    assert theirs == ours


def test_a_case_and_a_fraud_file_are_shown_to_everybody(window, axe, tmp_path):
    page = window().open("/ledger/verify")
    page.evaluate(axe + CHECKS)
    node, _ = wholes.town()
    folder = kept_copy(node, tmp_path)
    assert node.log == LOG
    for show in (
        lambda: check_case(page, wholes.zipped(), folder),
        lambda: check(page, frauds.kinds()["split"], POLICY),
    ):
        expect(show()).to_be_visible()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for one in ("axe", "sideways", "overlaps", "small"):
                assert page.evaluate(f"rules => checks.{one}(rules)", RULES) == [], one
