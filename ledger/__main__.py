"""The stand-alone verifier: `python -m ledger verify FILE... --policy P`.

The only file here that reads files. It needs no network and no node, and it trusts
nothing but the policy and the keys that its user names.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger import policy, proof, receipt, tiles
from ledger.encoding import Json, b64u_or_null, unb64u
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.receipt import Pins, Verdict
from ledger.tree import HASH

VALID, FAILED, USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line."""

    files: list[Path]
    policy: Path
    case_key: str | None
    bundle: Path | None
    statements: list[str]
    author: list[str]
    host: list[str]
    seen: list[Path]
    words: Path | None
    json: bool


def main() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Verify the files named; return 0 if all are valid and meet the policy."""
    asked = Asked(**vars(_parser().parse_args(arguments)))
    try:
        verdicts = _verify(asked)
        lines = _json(verdicts) if asked.json else _lines(verdicts, _wordlist(asked))
        sys.stdout.writelines([f"{line}\n" for line in lines])
    except (OSError, UnicodeDecodeError, Invalid) as error:
        sys.stderr.write(f"{_printable(str(error))}\n")
        return USAGE
    return VALID if all(verdict.valid for verdict in verdicts.values()) else FAILED


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m ledger", description=__doc__)
    verify = parser.add_subparsers(required=True).add_parser(
        "verify", help="check receipts offline"
    )
    add = verify.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="a .tlog-proof file")
    add("--policy", required=True, type=Path, help="logs and witnesses you trust")
    add("--case-key", metavar="K", help="the case's key, where the file has none")
    add("--bundle", type=Path, help="the entry bundle, instead of the case's key")
    more = verify.add_argument_group("what you know from elsewhere, repeatable")
    for name, shown, type_ in (
        ("--statements", "VKEY", str),  # the node's statements key
        ("--author", "KEY=NAME", str),
        ("--host", "HOST", str),  # whose passkeys count
        ("--seen", "NOTE", Path),  # a checkpoint that was kept
    ):
        more.add_argument(name, action="append", default=[], metavar=shown, type=type_)
    add("--words", type=Path, metavar="LIST", help="say it in words of this list")
    add("--json", action="store_true", help="one JSON document instead of lines")
    return parser


def _verify(asked: Asked) -> dict[Path, Verdict]:
    trusted = policy.parse(asked.policy.read_bytes())
    pins = Pins(
        statements=tuple([VKey.parse(text) for text in asked.statements]),
        authors=dict([_pair(text) for text in asked.author]),
        rp=frozenset(asked.host),
        notes=tuple([path.read_bytes() for path in asked.seen]),
    )
    key = None if asked.case_key is None else unb64u(asked.case_key, HASH)
    leaves = asked.bundle and tiles.unbundle(asked.bundle.read_bytes())
    verdicts: dict[Path, Verdict] = {}
    for path in asked.files:
        raw = path.read_bytes()
        leaf = _leaf(raw, leaves or [])
        verdicts[path] = receipt.verify(raw, trusted, pins, key, leaf)
    return verdicts


def _pair(text: str) -> tuple[str, str]:
    key, _, name = text.partition("=")
    return key, name or key


def _leaf(raw: bytes, leaves: Sequence[bytes]) -> bytes | None:
    try:
        place = proof.read(raw).index % tiles.FULL
    except Invalid:
        return None  # the verdict says what is wrong with the file
    return leaves[place] if place < len(leaves) else None


def _wordlist(asked: Asked) -> list[str]:
    return asked.words.read_text(encoding="utf-8").split() if asked.words else []


def _json(verdicts: dict[Path, Verdict]) -> Iterator[str]:
    receipts: list[Json] = [
        {"file": str(path), **_facts(verdict)} for path, verdict in verdicts.items()
    ]
    valid = all(verdict.valid for verdict in verdicts.values())
    yield json.dumps({"receipts": receipts, "valid": valid}, indent=2)


def _facts(verdict: Verdict) -> dict[str, Json]:
    return {
        "valid": verdict.valid,
        "level": verdict.level and verdict.level.value,
        "findings": [
            {
                "step": finding.step,
                "name": finding.name,
                "ok": finding.ok,
                "code": finding.code,
                "text": finding.text,
            }
            for finding in verdict.findings
        ],
        "author": verdict.author,
        "log": verdict.log,
        "kind": verdict.kind,
        "role": verdict.role,
        "index": verdict.index,
        "seq": verdict.seq,
        "c": b64u_or_null(verdict.c),
        "at": verdict.at,
        "ts": verdict.ts,
        "not_before": verdict.not_before,
        "not_after": verdict.not_after,
        "disclosed": [[name, value] for name, value in verdict.disclosed],
    }


def _lines(verdicts: dict[Path, Verdict], wordlist: list[str]) -> Iterator[str]:
    for path, verdict in verdicts.items():
        yield _printable(f"{path}: {_summary(verdict)}")
        for finding in verdict.findings:
            mark = "ok  " if finding.ok else "FAIL"
            yield _printable(f"  {finding.step} {mark} {finding.text}")
        if verdict.level is None:
            continue  # nothing that a damaged file says is worth showing
        yield _printable(f"  {verdict.kind} by {verdict.author}")
        if verdict.c is not None and verdict.index is not None:
            yield f"  {receipt.seal(verdict.index, verdict.c)}"
            if wordlist:
                yield f"  {' '.join(receipt.words(verdict.c, wordlist))}"
        for name, value in verdict.disclosed:
            yield _printable(f"  {name}: {json.dumps(value, ensure_ascii=False)}")


def _summary(verdict: Verdict) -> str:
    if verdict.level is None:
        return "NOT VALID"
    met = "" if verdict.valid else ", but your policy asks for more"
    return f"{verdict.level.value}{met}"


def _printable(text: str) -> str:
    # What others wrote must not steer the reader's terminal.
    return "".join([one if one.isprintable() else f"\\u{ord(one):04x}" for one in text])


if __name__ == "__main__":
    main()
