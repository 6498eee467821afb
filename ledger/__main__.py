"""The stand-alone verifier: `python -m ledger verify FILE... --policy P`.

The only file here that reads files. It needs no network and no node, and it trusts
nothing but the policy and the keys that its user names.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ledger import checkpoint, fraud, note, policy, proof, receipt, telling, tiles
from ledger.encoding import unb64u
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.policy import Policy
from ledger.receipt import Held, Pins, Public, Verdict
from ledger.tiles import ENTRIES, FULL
from ledger.tree import HASH

VALID, FAILED, USAGE = 0, 1, 2
#: No entry bundle is longer than this.
_LONGEST = FULL * (tiles.LONGEST_LEAF + 2)


def main() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what is asked; return 0 if all is valid and meets the policy."""
    asked = _parser().parse_args(arguments)
    commands = {"verify": _verify, "thread": _thread, "fraud": _fraud}
    try:
        valid, lines = commands[asked.command](asked)
        sys.stdout.writelines([f"{line}\n" for line in lines])
    except (OSError, UnicodeDecodeError, BadZipFile, Invalid) as error:
        sys.stderr.write(f"{telling.printable(str(error))}\n")
        return USAGE
    return VALID if valid else FAILED


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m ledger", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    verify = commands.add_parser("verify", help="check receipts offline")
    add = verify.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="a .tlog-proof file")
    add("--case-key", metavar="K", help="the case's key, where the file has none")
    add("--bundle", type=Path, help="the entry bundle, instead of the case's key")
    add("--words", type=Path, metavar="LIST", help="say it in words of this list")
    _know(verify)
    thread = commands.add_parser("thread", help="check that a whole chain is here")
    add = thread.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="a .zip, or receipts")
    add("--log", required=True, type=Path, metavar="DIR", help="a copy of its files")
    add("--case-key", metavar="K", help="the case's key, where the files have none")
    erased = "the number of an erased entry, repeatable"
    add("--erased", action="append", default=[], type=int, metavar="N", help=erased)
    _know(thread)
    judge = commands.add_parser("fraud", help="judge a .fm-fraud file")
    judge.add_argument("file", type=Path, metavar="FILE")
    _know(judge)
    return parser


def _know(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--policy", required=True, type=Path, help="logs and witnesses you trust")
    add("--json", action="store_true", help="one JSON document instead of lines")
    more = parser.add_argument_group("what you know from elsewhere, repeatable")
    for name, shown, type_ in (
        ("--statements", "VKEY", str),  # the node's statements key
        ("--author", "KEY=NAME", str),
        ("--host", "HOST", str),  # whose passkeys count
        ("--seen", "NOTE", Path),  # a checkpoint that was kept
    ):
        more.add_argument(name, action="append", default=[], metavar=shown, type=type_)


def _trusted(asked: Namespace) -> tuple[Policy, Pins]:
    pins = Pins(
        statements=tuple([VKey.parse(text) for text in asked.statements]),
        authors=dict([_pair(text) for text in asked.author]),
        rp=frozenset(asked.host),
        notes=tuple([path.read_bytes() for path in asked.seen]),
    )
    return policy.parse(asked.policy.read_bytes()), pins


def _pair(text: str) -> tuple[str, str]:
    key, _, name = text.partition("=")
    return key, name or key


def _bounded(path: Path, limit: int) -> bytes:
    # One byte too many is enough to refuse the rest.
    with path.open("rb") as file:
        return file.read(limit + 1)


def _verify(asked: Namespace) -> tuple[bool, Iterable[str]]:
    trusted, pins = _trusted(asked)
    key = None if asked.case_key is None else unb64u(asked.case_key, HASH)
    leaves = asked.bundle and tiles.unbundle(_bounded(asked.bundle, _LONGEST))
    verdicts: dict[str, Verdict] = {}
    for path in asked.files:
        raw = _bounded(path, proof.LIMIT)
        leaf = _leaf(raw, leaves or [])
        verdicts[str(path)] = receipt.verify(raw, trusted, pins, key, leaf)
    valid = all(verdict.valid for verdict in verdicts.values())
    if asked.json:
        return valid, [json.dumps(telling.receipts(verdicts), indent=2)]
    words = asked.words.read_text(encoding="utf-8").split() if asked.words else []
    return valid, telling.receipt_lines(verdicts, words)


def _leaf(raw: bytes, leaves: Sequence[bytes]) -> bytes | None:
    try:
        place = proof.read(raw).index % tiles.FULL
    except Invalid:
        return None  # the verdict says what is wrong with the file
    return leaves[place] if place < len(leaves) else None


def _thread(asked: Namespace) -> tuple[bool, Iterable[str]]:
    trusted, pins = _trusted(asked)
    files = list(_files(asked.files))
    heads = [raw for name, raw in files if name == "head"]
    receipts = [raw for name, raw in files if name != "head"]
    signed = _bounded(asked.log / "checkpoint", note.LIMIT)
    held = Held(
        receipts=receipts,
        checkpoint=signed,
        case_key=_case_key(asked.case_key, receipts),
        head=heads[-1] if heads else None,
        erased=frozenset(asked.erased),
    )
    verdict = receipt.verify_thread(held, _leaves(asked.log, signed), trusted, pins)
    if asked.json:
        return verdict.valid, [json.dumps(telling.thread(verdict), indent=2)]
    return verdict.valid, telling.thread_lines(verdict)


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path.suffix != ".zip":
            yield str(path), _bounded(path, proof.LIMIT)
            continue
        with ZipFile(path) as archive:
            for name in archive.namelist():
                if name == "head" or name.endswith(".tlog-proof"):
                    with archive.open(name) as file:
                        yield name, file.read(proof.LIMIT + 1)


def _case_key(given: str | None, receipts: Iterable[bytes]) -> bytes:
    if given is not None:
        return unb64u(given, HASH)
    for raw in receipts:
        content = receipt.read(raw).content
        if not isinstance(content, Public) and content.raw.case_key is not None:
            return content.raw.case_key
    raise Invalid("case-key-missing", "Give the case key: no receipt here has it.")


def _leaves(log: Path, signed: bytes) -> Iterator[bytes]:
    size = checkpoint.parse(note.parse(signed).text).size
    for n in range(-(-size // FULL)):
        width = tiles.width(ENTRIES, n, size)
        path = log / tiles.path(ENTRIES, n, width)
        # A full bundle serves an older size as well.
        path = path if path.exists() else log / tiles.path(ENTRIES, n)
        yield from tiles.unbundle(_bounded(path, _LONGEST))[:width]


def _fraud(asked: Namespace) -> tuple[bool, Iterable[str]]:
    trusted, pins = _trusted(asked)
    verdict = fraud.judge(_bounded(asked.file, fraud.LIMIT), trusted, pins)
    if asked.json:
        told = {"kind": verdict.kind, "log": verdict.log, "code": verdict.code}
        told_all = {"valid": verdict.holds, **told, "text": verdict.text}
        return verdict.holds, [json.dumps(told_all, indent=2)]
    word = verdict.kind if verdict.holds else "proves nothing"
    return verdict.holds, [telling.printable(f"{asked.file}: {word}: {verdict.text}")]


if __name__ == "__main__":
    main()
