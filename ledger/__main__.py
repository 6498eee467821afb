"""The stand-alone verifier: `python -m ledger verify FILE... --policy P`.

The only file here that reads files. It needs no network and no node, and it trusts
nothing but the policy and the keys that its user names.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

VALID, FAILED, USAGE = 0, 1, 2
try:
    from ledger import (
        archive,
        audit,
        checkpoint,
        fraud,
        note,
        policy,
        proof,
        receipt,
        telling,
        tiles,
    )
    from ledger.encoding import Json, unb64u
    from ledger.errors import Invalid
    from ledger.tree import HASH
except ImportError as error:
    # Whoever starts this alone may have an older package, or none.
    sys.stderr.write(
        f"{error}. This needs Python 3.11 and its package cryptography 50, or newer.\n"
    )
    sys.exit(USAGE)

#: Whether it is valid, and the same as JSON and in lines.
_Told: TypeAlias = tuple[bool, Json, Iterable[str]]
_KEY = partial(unb64u, size=HASH)
_Run: TypeAlias = Callable[[Namespace], _Told]
#: No entry bundle is longer than this.
_LONGEST = tiles.FULL * (tiles.LONGEST_LEAF + 2)


def main() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what is asked; return 0 if all is valid and meets the policy."""
    try:
        asked = _parser().parse_args(arguments)
        valid, facts, lines = asked.run(asked)
        lines = [json.dumps(facts, indent=2)] if asked.json else lines
        sys.stdout.writelines([f"{line}\n" for line in lines])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has seen enough. Python would write the rest at its end.
        with suppress(OSError):
            sys.stdout.close()
    except (OSError, UnicodeDecodeError, Invalid) as error:
        sys.stderr.write(f"{telling.printable(_why(error))}\n")
        return USAGE
    return VALID if valid else FAILED


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename} cannot be read: {error.strerror}."
    return str(error)


def _folder(text: str) -> Path:
    if "://" in text:
        said = f"{text} is an address. A folder with a copy of the log is needed."
        raise Invalid("address", said)
    return Path(text)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m ledger", description=__doc__)
    commands = parser.add_subparsers(required=True)
    verify = commands.add_parser("verify", help="check receipts offline")
    add = verify.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="a .tlog-proof file")
    add("--case-key", metavar="K", type=_KEY, help="the case's key, if not in the file")
    add("--bundle", type=Path, help="the entry bundle, instead of the case's key")
    add("--words", type=Path, metavar="LIST", help="say it in words of this list")
    _know(verify, _verify)
    thread = commands.add_parser("thread", help="check that a whole chain is here")
    add = thread.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="a .zip, or receipts")
    add("--log", required=True, type=_folder, metavar="DIR", help="a copy of its files")
    add("--case-key", metavar="K", type=_KEY, help="the case's key, if not in a file")
    erased = "the number of an erased entry, repeatable"
    add("--erased", action="append", default=[], type=int, metavar="N", help=erased)
    _know(thread, _thread)
    judge = commands.add_parser("fraud", help="judge a .fm-fraud file")
    judge.add_argument("file", type=Path, metavar="FILE")
    _know(judge, _fraud)
    whole = commands.add_parser("audit", help="check a copy of a log's files")
    add = whole.add_argument
    add("log", type=_folder, metavar="DIR", help="a copy of the log's files")
    add("--previous", type=_folder, metavar="DIR", help="a copy of the log it follows")
    _trust(whole, _audit)
    return parser


def _trust(parser: ArgumentParser, run: _Run) -> None:
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("--policy", required=True, type=Path, help="logs and witnesses you trust")
    add("--json", action="store_true", help="one JSON document instead of lines")


def _know(parser: ArgumentParser, run: _Run) -> None:
    _trust(parser, run)
    more = parser.add_argument_group("what you know from elsewhere, repeatable")
    for name, shown, type_ in (
        ("--statements", "VKEY", str),  # the node's statements key
        ("--author", "KEY=NAME", str),
        ("--host", "HOST", str),  # whose passkeys count
        ("--seen", "NOTE", Path),  # a checkpoint that was kept
    ):
        more.add_argument(name, action="append", default=[], metavar=shown, type=type_)


def _trusted(asked: Namespace) -> tuple[policy.Policy, receipt.Pins]:
    pins = receipt.Pins(
        statements=tuple([note.VKey.parse(text) for text in asked.statements]),
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


def _verify(asked: Namespace) -> _Told:
    trusted, pins = _trusted(asked)
    leaves = asked.bundle and tiles.unbundle(_bounded(asked.bundle, _LONGEST))
    verdicts: dict[str, receipt.Verdict] = {}
    for path in asked.files:
        raw = _bounded(path, proof.LIMIT)
        if raw.startswith(b"PK"):
            said = f"{path} is an archive. The command for a whole case is `thread`."
            raise Invalid("archive", said)
        leaf = proof.leaf_for(raw, leaves or [])
        verdicts[str(path)] = receipt.verify(raw, trusted, pins, asked.case_key, leaf)
    valid = all(verdict.valid for verdict in verdicts.values())
    words = asked.words.read_text(encoding="utf-8").split() if asked.words else []
    return valid, telling.receipts(verdicts), telling.receipt_lines(verdicts, words)


def _thread(asked: Namespace) -> _Told:
    trusted, pins = _trusted(asked)
    files = list(_files(asked.files))
    heads = [raw for name, raw in files if name == archive.HEAD]
    notes = (archive.HEAD, archive.ERASED)
    receipts = [raw for name, raw in files if name not in notes]
    gone = [archive.erased(raw) for name, raw in files if name == archive.ERASED]
    held = receipt.Held(
        receipts=receipts,
        checkpoint=_signed(asked.log),
        case_key=asked.case_key or receipt.key_among(receipts),
        head=heads[-1] if heads else None,
        erased=frozenset(asked.erased).union(*gone),
    )
    verdict = receipt.verify_thread(held, _leaves(asked.log), trusted, pins)
    return verdict.valid, telling.thread(verdict), telling.thread_lines(verdict)


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path.suffix != ".zip":
            yield str(path), _bounded(path, proof.LIMIT)
            continue
        yield from archive.read(_bounded(path, archive.LIMIT)).items()


def _signed(log: Path) -> bytes:
    return _bounded(log / "checkpoint", note.LIMIT)


def _leaves(log: Path) -> Iterator[bytes]:
    size = checkpoint.parse(note.parse(_signed(log)).text).size
    for n in range(-(-size // tiles.FULL)):
        width = tiles.width(tiles.ENTRIES, n, size)
        path = log / tiles.path(tiles.ENTRIES, n, width)
        # A full bundle serves an older size as well.
        path = path if path.exists() else log / tiles.path(tiles.ENTRIES, n)
        yield from tiles.unbundle(_bounded(path, _LONGEST))[:width]


def _fraud(asked: Namespace) -> _Told:
    trusted, pins = _trusted(asked)
    verdict = fraud.judge(_bounded(asked.file, fraud.LIMIT), trusted, pins)
    told, lines = telling.judged(verdict), telling.judged_lines(asked.file, verdict)
    return verdict.holds, told, lines


def _audit(asked: Namespace) -> _Told:
    trusted = policy.parse(asked.policy.read_bytes())
    before = None if asked.previous is None else _leaves(asked.previous)
    files = {
        path.relative_to(asked.log).as_posix(): _bounded(path, _LONGEST)
        for path in (asked.log / "tile").rglob("*")
        if path.is_file()
    }
    found = audit.whole(_signed(asked.log), files, trusted, before)
    return found.valid, telling.audited(found), telling.audit_lines(found)


if __name__ == "__main__":
    main()
