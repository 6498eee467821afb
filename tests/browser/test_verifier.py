"""The verifier in a browser finds what `python -m ledger` finds, step by step."""

import contextlib
import io
import json
from base64 import b64encode
from pathlib import Path

import pytest

from ledger import __main__ as command
from ledger import entry, policy
from ledger.author import keys
from ledger.encoding import canonical
from ledger.errors import Invalid
from tests.browser import damage, rotations
from tests.browser.damage import READERS, Reader
from tests.ledger.test_tree import GO, LEAVES, MERKLE
from tests.ledger.worked import VECTORS
from web import assets

AGREE = Path(__file__).with_name("agree.js").read_text()
MODULES = assets.url("verify/receipt.js").removesuffix("/receipt.js")


#: Whoever has a policy and no more sees everything that can be wrong.
FIRST = "with a policy"


@pytest.fixture(scope="module")
def everything():
    return damage.receipts() | rotations.receipts() | damage.damaged()


def in_python(reader: Reader, files: dict[str, bytes], folder: Path) -> object:
    """Return what `python -m ledger verify --json` says."""
    asked = ["verify", "--json", "--policy", _kept(folder, "policy", reader.policy)]
    for vkey in reader.statements:
        asked += ["--statements", vkey]
    for key, name in reader.authors:
        asked += ["--author", f"{key}={name}"]
    for host in reader.hosts:
        asked += ["--host", host]
    for at, raw in enumerate(reader.notes):
        asked += ["--seen", _kept(folder, f"note-{at}", raw)]
    if reader.case_key:
        asked += ["--case-key", reader.case_key]
    if reader.bundle is not None:
        asked += ["--bundle", _kept(folder, "bundle", reader.bundle)]
    names = [_kept(folder, f"{at}", raw) for at, raw in enumerate(files.values())]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        command.run([*asked, *names])
    return [_plain(one) for one in json.loads(told.getvalue())["receipts"]]


def _kept(folder: Path, name: str, raw: bytes) -> str:
    path = folder / name
    path.write_bytes(raw)
    return str(path)


def _plain(found: dict) -> dict:
    # Numbers as texts, since JavaScript's are too short; and no sentences, since the
    # page has its own, in the reader's language.
    counted = ("index", "seq", "at", "ts", "not_before", "not_after")
    for name in counted:
        found[name] = None if found[name] is None else str(found[name])
    for finding in found["findings"]:
        del finding["text"]
    found["disclosed"] = [
        [name, canonical(value).decode("latin1")] for name, value in found["disclosed"]
    ]
    del found["file"]
    return found


def in_browser(page, reader: Reader, files: dict[str, bytes], place=MODULES) -> object:
    """Return what the page's own modules say, in the same shape."""
    asked = {
        "policy": b64encode(reader.policy).decode(),
        "statements": reader.statements,
        "authors": reader.authors,
        "hosts": reader.hosts,
        "notes": [b64encode(raw).decode() for raw in reader.notes],
        "case_key": reader.case_key,
        "bundle": None if reader.bundle is None else b64encode(reader.bundle).decode(),
    }
    raws = [b64encode(raw).decode() for raw in files.values()]
    return page.evaluate(AGREE, {"place": place, "asked": asked, "files": raws})


@pytest.mark.parametrize("reader", READERS)
def test_browser_and_python_agree_on_every_receipt(
    opened, everything, tmp_path, reader
):
    files = everything
    if reader != FIRST:  # what is damaged is damaged for everybody
        few = set([*files][:: len(READERS)]) | damage.receipts().keys()
        files = {name: raw for name, raw in everything.items() if name in few}

    theirs = in_browser(opened, READERS[reader], files)
    ours = in_python(READERS[reader], files, tmp_path)

    assert isinstance(theirs, list), theirs
    assert apart(files, ours, theirs) == {}


def test_the_file_and_python_agree_on_every_receipt(joined, everything, tmp_path):
    page, place = joined
    reader = READERS[FIRST]

    theirs = in_browser(page, reader, everything, place)

    assert isinstance(theirs, list), theirs
    ours = in_python(reader, everything, tmp_path)
    assert apart(everything, ours, theirs) == {}


def apart(names, ours, theirs):
    return {
        name: (one, other)
        for name, one, other in zip(names, ours, theirs, strict=True)
        if one != other
    }


def test_receipts_and_what_was_done_to_them_fail_at_every_step(everything, tmp_path):
    # Else the comparison would be of little worth.
    found = in_python(READERS[FIRST], everything, tmp_path)

    failed = {
        finding["step"]
        for one in found
        if one["findings"][0]["ok"]
        for finding in one["findings"]
        if not finding["ok"]
    }
    assert len(everything) > 600
    assert failed == {2, 3, 4, 5, 6, 7, 8, 9}
    assert sum(one["level"] is None for one in found) > 500


@pytest.mark.parametrize("step", ["log", "witnesses"])
def test_a_signature_that_no_browser_can_check_is_never_taken_for_true(
    opened, tmp_path, step
):
    raw, readers = damage.of_tomorrow()

    [theirs] = in_browser(opened, readers[step], {"it": raw})

    [ours] = in_python(readers[step], {"it": raw}, tmp_path)
    assert ours["level"] == "witnessed"
    assert theirs["level"] is None
    assert {it["name"]: it["code"] for it in theirs["findings"] if not it["ok"]} == {
        step: "unsupported",
        "report": "not-checked",
    }


def test_browser_and_python_agree_on_every_policy(opened):
    raws = damage.policies()
    rows = [{"w0"}, {"w0", "w1"}, {"w1", "w2"}, {"a", "partner", "w2"}]

    theirs = opened.evaluate(
        """async ({ place, raws, rows }) => {
          const { parsePolicy, isMet } = await import(`${place}/policy.js`);
          const { unb64 } = await import(`${place}/bytes.js`);
          const judged = async (raw) => {
            try {
              const found = await parsePolicy(unb64(raw));
              return rows.map((names) => isMet(found, new Set(names)));
            } catch (error) {
              return error.code ?? String(error);
            }
          };
          return Promise.all(raws.map(judged));
        }""",
        {
            "place": MODULES,
            "raws": [b64encode(raw).decode() for raw in raws.values()],
            "rows": [[*names] for names in rows],
        },
    )

    assert apart(raws, [judged(raw, rows) for raw in raws.values()], theirs) == {}


def judged(raw, rows):
    try:
        found = policy.parse(raw)
    except Invalid as no:
        return no.code
    return [policy.evaluate(found, names) for names in rows]


def signatures():
    """Yield every published case: which check, key, signature, message."""
    for check, file in {
        "ed25519": "ed25519_test.json",
        "es256Der": "ecdsa_secp256r1_sha256_test.json",
        "es256": "ecdsa_secp256r1_sha256_p1363_test.json",
    }.items():
        loaded = json.loads((VECTORS / "wycheproof" / file).read_text())
        for group in loaded["testGroups"]:
            key = group["publicKey"]
            for case in group["tests"]:
                pub = key.get("uncompressed") or key["pk"]
                yield check, pub, case["sig"], case["msg"]
    cctv = json.loads((VECTORS / "cctv-ed25519/ed25519vectors.json").read_text())
    for case in cctv:
        yield "ed25519", case["key"], case["sig"], case["msg"].encode().hex()


def test_browser_and_python_agree_on_every_signature(opened):
    cases = [*signatures()]

    theirs = opened.evaluate(
        """async ({ place, cases }) => {
          const keys = await import(`${place}/keys.js`);
          const bytes = (text) =>
            Uint8Array.from(text.match(/../g) ?? [], (it) => parseInt(it, 16));
          const judged = async ([check, ...given]) => {
            try {
              return await keys[check](...given.map(bytes));
            } catch (error) {
              return error.code ?? String(error);
            }
          };
          return Promise.all(cases.map(judged));
        }""",
        {"place": MODULES, "cases": cases},
    )

    assert len(cases) > 900
    assert apart(cases, [holds(*case) for case in cases], theirs) == {}


def holds(check, *given):
    checks = {"ed25519": keys.ed25519, "es256": keys.es256, "es256Der": keys.es256_der}
    try:
        checks[check](*[bytes.fromhex(one) for one in given])
    except Invalid as no:
        return False if no.code == "statement-unsigned" else no.code
    return True


def inclusions():
    """Yield every published proof, as text, and whether it is wrong."""
    for path in sorted((MERKLE / "testdata/inclusion").rglob("*.json")):
        case = json.loads(path.read_text())
        place = [str(case["leafIdx"]), str(case["treeSize"])]
        hashes = case["proof"] or []
        yield [*place, case["leafHash"], hashes, case["root"]], case["wantErr"]
    for case in GO["inclusion"]:
        place = [str(case["index"]), str(case["size"])]
        leaf = b64encode(LEAVES[case["index"]]).decode()
        yield [*place, leaf, case["proof"], case["root"]], False


def test_the_browser_judges_inclusion_as_others_judge_it(opened):
    cases = [case for case, _ in inclusions()]

    refused = opened.evaluate(
        """async ({ place, cases }) => {
          const { verifyInclusion } = await import(`${place}/tree.js`);
          const { unb64 } = await import(`${place}/bytes.js`);
          const judged = async ([index, size, leaf, hashes, root]) => {
            const place = [BigInt(index), BigInt(size), unb64(leaf)];
            try {
              await verifyInclusion(...place, hashes.map(unb64), unb64(root));
              return false;
            } catch (error) {
              return error.code === "inclusion" ? true : String(error);
            }
          };
          return Promise.all(cases.map(judged));
        }""",
        {"place": MODULES, "cases": cases},
    )

    assert refused == [wrong for _, wrong in inclusions()]


def test_browser_and_python_know_the_same_kinds(opened):
    sealed, clear = opened.evaluate(
        """async (place) => {
          const { SEALED_KINDS, CLEAR_KINDS } = await import(`${place}/entry.js`);
          return [SEALED_KINDS, CLEAR_KINDS];
        }""",
        MODULES,
    )

    def of(*chains):
        return {name for name, it in entry.KINDS.items() if it.chains & {*chains}}

    assert {*sealed} == of(entry.Chain.CASE, entry.Chain.MEMBER)
    assert {*clear} == of(entry.Chain.CLEAR)
