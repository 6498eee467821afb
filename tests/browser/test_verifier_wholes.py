"""Cases, archives, fraud files and new keys: the browser finds what Python finds."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from ledger import archive, author, fraud, policy, tree
from ledger.encoding import b64u, b64u_or_null, unb64u
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.receipt import Held, Pins, verify_thread
from tests.browser import frauds, moved, rotations, wholes
from tests.browser.damage import Reader
from tests.browser.test_verifier import MODULES, apart
from tests.browser.wholes import Whole
from tests.ledger.test_tree import MERKLE
from tests.ledger.worked import VECTORS

AGREE = Path(__file__).with_name("agree_wholes.js").read_text()
#: A page is asked for so many at once: messages to it are not without limit.
AT_ONCE = 200


def in_browser(
    page, what: str, items: list, reader: Reader | None = None, place: str = MODULES
) -> list:
    """Return what the modules of the page, or those at `place`, say of each."""
    reader = reader or Reader()
    asked = {
        "policy": _text(reader.policy),
        "statements": reader.statements,
        "authors": reader.authors,
        "hosts": reader.hosts,
        "notes": [_text(raw) for raw in reader.notes],
    }
    found = []
    for at in range(0, len(items), AT_ONCE):
        part = items[at : at + AT_ONCE]
        given = {"place": place, "asked": asked, "what": what, "items": part}
        found += page.evaluate(AGREE, given)
    return found


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _trusted(reader: Reader) -> tuple[policy.Policy, Pins]:
    statements = tuple(VKey.parse(text) for text in reader.statements)
    pins = Pins(
        statements=statements,
        authors=dict(reader.authors),
        rp=frozenset(reader.hosts),
        notes=reader.notes,
    )
    return policy.parse(reader.policy), pins


# Fraud files


def fraud_in_python(reader: Reader, raw: bytes) -> object:
    found = fraud.judge(raw, *_trusted(reader))
    names = ("holds", "code", "kind", "log")
    return {name: getattr(found, name) for name in names}


@pytest.mark.parametrize("reader", frauds.READERS)
def test_browser_and_python_agree_on_every_fraud_file(opened, reader):
    files = frauds.cases() | frauds.damaged()
    if reader != "who knows all keys":
        some = set([*files][:: len(frauds.READERS)]) | frauds.cases().keys()
        files = {name: raw for name, raw in files.items() if name in some}
    knows = frauds.READERS[reader]

    theirs = in_browser(opened, "fraud", [_text(raw) for raw in files.values()], knows)

    ours = [fraud_in_python(knows, raw) for raw in files.values()]
    assert apart(files, ours, theirs) == {}


def test_browser_and_python_accuse_no_log_by_what_another_signed(opened):
    files, knows = moved.frauds(), wholes.READERS["with all keys"]

    theirs = in_browser(opened, "fraud", [_text(raw) for raw in files.values()], knows)

    ours = [fraud_in_python(knows, raw) for raw in files.values()]
    assert apart(files, ours, theirs) == {}
    held = [name.split() for name, it in zip(files, ours, strict=True) if it["holds"]]
    assert {kind for kind, *_ in held} == {"withheld"}
    assert all(log == signed for _, log, signed, *_ in held)


def test_fraud_files_and_what_was_done_to_them_fail_in_every_way():
    # Else the comparison would be of little worth.
    files = frauds.cases() | frauds.damaged()
    reader = frauds.READERS["who knows all keys"]

    found = [fraud_in_python(reader, raw) for raw in files.values()]

    assert len(files) > 900
    no = {f"no-{kind}" for kind in frauds.kinds()}
    assert no < {one["code"] for one in found}
    assert sum(one["holds"] for one in found) > 20


# Whole cases


def thread_item(it: Whole) -> object:
    return {
        "receipts": [_text(raw) for raw in it.receipts],
        "leaves": [_text(raw) for raw in it.leaves],
        "checkpoint": _text(it.checkpoint),
        "key": _text(it.key),
        "head": None if it.head is None else _text(it.head),
        "erased": it.erased,
    }


def thread_in_python(reader: Reader, it: Whole) -> object:
    held = Held(
        receipts=it.receipts,
        checkpoint=it.checkpoint,
        case_key=it.key,
        head=it.head,
        erased=frozenset(it.erased),
    )
    found = verify_thread(held, it.leaves, *_trusted(reader))
    findings = [
        {"step": one.step, "name": one.name, "ok": one.ok, "code": one.code}
        for one in found.findings
    ]
    return {
        "findings": findings,
        "valid": found.valid,
        "level": found.level and found.level.value,
        "log": found.log,
        "size": str(found.size),
        "later": found.later,
        "entries": [_place(one) for one in found.entries],
    }


def _place(place) -> object:
    counted = {
        "index": place.index,
        "at": place.at,
        "not_before": place.when.not_before,
        "not_after": place.when.not_after,
        "tombstone": place.tombstone,
    }
    return {
        "seq": place.seq,
        "log": place.log,
        "c": b64u_or_null(place.c),
        "kind": place.verdict and place.verdict.kind,
        **{name: None if it is None else str(it) for name, it in counted.items()},
    }


@pytest.mark.parametrize("reader", wholes.READERS)
def test_browser_and_python_agree_on_every_case(opened, reader):
    cases = wholes.cases()
    if reader != "with all keys":
        cases = {name: cases[name] for name in [*cases][:: len(wholes.READERS)]}
    knows = wholes.READERS[reader]

    theirs = in_browser(opened, "thread", [*map(thread_item, cases.values())], knows)

    ours = [thread_in_python(knows, it) for it in cases.values()]
    assert apart(cases, ours, theirs) == {}


def test_browser_and_python_agree_on_every_case_over_two_logs(opened):
    cases, knows = dict(moved.cases()), wholes.READERS["with all keys"]

    theirs = in_browser(opened, "thread", [*map(thread_item, cases.values())], knows)

    ours = [thread_in_python(knows, it) for it in cases.values()]
    assert apart(cases, ours, theirs) == {}
    failed = {
        (finding["step"], finding["code"])
        for one in ours
        for finding in one["findings"]
    }
    assert len(cases) > 400
    assert failed > {
        (3, "gap"), (3, "seq-twice"), (3, "fork"), (3, "order"), (3, "time"),
        (3, "log-mismatch"), (7, "withheld"), (7, "tag-twice"), (7, "place"),
        (7, "not-recorded"), (7, "order"), (8, "head-withheld"), (9, "time-outside"),
    }  # fmt: skip
    assert sum(one["valid"] for one in ours) > 100


def test_cases_and_what_was_done_to_them_fail_at_every_step():
    reader = wholes.READERS["with all keys"]

    found = [thread_in_python(reader, it) for it in wholes.cases().values()]

    failed = {
        finding["step"]
        for one in found
        for finding in one["findings"]
        if not finding["ok"] and finding["code"] != "not-checked"
    }
    assert len(found) > 200
    assert failed == {1, 2, 3, 4, 5, 6, 7, 8, 9}
    assert {one["later"] for one in found} == {0, 1, 2, 17}
    assert sum(one["valid"] for one in found) > 15


# Archives


def archive_in_python(raw: bytes) -> object:
    try:
        found = archive.read(raw)
        erased = sorted(archive.erased(found.pop(archive.ERASED, b"")))
    except Invalid as no:
        return no.code
    hashed = {name: sha256(one).hexdigest() for name, one in found.items()}
    head = hashed.pop(archive.HEAD, None)
    return {
        "receipts": [[*one] for one in hashed.items()],
        "head": head,
        "erased": erased,
    }


def test_browser_and_python_read_the_same_files_in_every_archive(opened):
    files = wholes.archives()

    theirs = in_browser(opened, "archive", [_text(raw) for raw in files.values()])

    ours = [archive_in_python(raw) for raw in files.values()]
    assert apart(files, ours, theirs) == {}
    assert 300 < sum(one == "archive" for one in ours) < len(files) - 100


# The file that people keep


def test_the_file_and_python_agree_on_every_fraud_file_case_and_archive(joined):
    page, place = joined
    files = frauds.cases() | frauds.damaged()
    cases = wholes.cases() | dict([*moved.cases()][::4])
    judge, member = (
        frauds.READERS["who knows all keys"],
        wholes.READERS["with all keys"],
    )

    def told(what, items, reader):
        return in_browser(page, what, items, reader, place)

    theirs = [
        *told("fraud", [_text(raw) for raw in files.values()], judge),
        *told("thread", [*map(thread_item, cases.values())], member),
        *told("archive", [_text(raw) for raw in wholes.archives().values()], member),
    ]

    ours = [
        *[fraud_in_python(judge, raw) for raw in files.values()],
        *[thread_in_python(member, it) for it in cases.values()],
        *[archive_in_python(raw) for raw in wholes.archives().values()],
    ]
    assert apart([*files, *cases, *wholes.archives()], ours, theirs) == {}


# Keys, and proofs of growth


def keys_() -> list[str]:
    """Return every published Ed25519 key, and some that are none."""
    cctv = json.loads((VECTORS / "cctv-ed25519/ed25519vectors.json").read_text())
    found = {bytes.fromhex(case["key"]) for case in cctv}
    wycheproof = json.loads((VECTORS / "wycheproof/ed25519_test.json").read_text())
    found |= {
        bytes.fromhex(group["publicKey"]["pk"]) for group in wycheproof["testGroups"]
    }
    found |= {*rotations.WEAK, b"", b"k" * 31, b"k" * 33}
    found |= {sha256(b"%d" % n).digest() for n in range(40)}
    return [b64u(key) for key in sorted(found)]


def strong_in_python(key: str) -> bool:
    try:
        author.check_key(unb64u(key))
    except Invalid:
        return False
    return True


def test_browser_and_python_refuse_the_same_keys(opened):
    keys = keys_()

    theirs = in_browser(opened, "strong", keys)

    ours = [strong_in_python(key) for key in keys]
    assert apart(keys, ours, theirs) == {}
    assert 20 < sum(ours) < len(keys) - 20


def growths() -> list[list]:
    """Return every published proof of growth, also those that are none."""
    found = []
    for path in sorted((MERKLE / "testdata/consistency").rglob("*.json")):
        case = json.loads(path.read_text())
        proof = case["proof"] or []
        m, n = case["size1"], case["size2"]
        first = [case["root1"]] if m and m & (m - 1) == 0 else []
        found.append([str(m), str(n), [*first, *proof]])
    return found


def folded(m: str, n: str, path: list[str]) -> object:
    try:
        roots = tree.fold_consistency(int(m), int(n), [b64decode(it) for it in path])
    except Invalid as no:
        return no.code
    return [root.hex() for root in roots]


def test_browser_and_python_come_to_the_same_roots_by_every_proof_of_growth(opened):
    cases = growths()

    theirs = in_browser(opened, "consistency", cases)

    ours = [folded(*case) for case in cases]
    assert apart(map(str, cases), ours, theirs) == {}
    assert sum(isinstance(one, list) for one in ours) > 15
