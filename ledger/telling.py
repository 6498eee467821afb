"""What a verdict says to people, in lines, and to programs, as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping

from ledger import receipt
from ledger.encoding import Json, b64u_or_null
from ledger.receipt import Finding, Place, ThreadVerdict, Verdict


def receipts(verdicts: Mapping[str, Verdict]) -> dict[str, Json]:
    """Return what is found in receipts, by the names of their files."""
    each: list[Json] = [{"file": name, **_facts(one)} for name, one in verdicts.items()]
    return {"receipts": each, "valid": all(one.valid for one in verdicts.values())}


def _facts(verdict: Verdict) -> dict[str, Json]:
    return {
        "valid": verdict.valid,
        "level": verdict.level and verdict.level.value,
        "findings": _findings(verdict.findings),
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


def _findings(findings: Iterable[Finding]) -> list[Json]:
    return [
        {
            "step": finding.step,
            "name": finding.name,
            "ok": finding.ok,
            "code": finding.code,
            "text": finding.text,
        }
        for finding in findings
    ]


def thread(verdict: ThreadVerdict) -> dict[str, Json]:
    """Return what is found in a thread."""
    before = [None, *verdict.entries]
    pairs = zip(before, verdict.entries, strict=False)
    return {
        "valid": verdict.valid,
        "level": verdict.level and verdict.level.value,
        "findings": _findings(verdict.findings),
        "log": verdict.log,
        "size": verdict.size,
        "entries": [_place(place, last) for last, place in pairs],
    }


def _place(place: Place, last: Place | None) -> Json:
    said = place.verdict
    took = None if last is None else receipt.elapsed(last.when, place.when)
    return {
        "seq": place.seq,
        "index": place.index,
        "c": b64u_or_null(place.c),
        "kind": None if said is None else said.kind,
        "author": None if said is None else said.author,
        "at": place.at,
        "not_before": place.when.not_before,
        "not_after": place.when.not_after,
        "tombstone": place.tombstone,
        # Seconds since the entry before, as far as witnesses' clocks bound them.
        "elapsed": None if took is None else [*took],
    }


def receipt_lines(
    verdicts: Mapping[str, Verdict], wordlist: list[str]
) -> Iterator[str]:
    """Say what is found in receipts."""
    for name, verdict in verdicts.items():
        yield printable(f"{name}: {_summary(verdict)}")
        yield from _steps(verdict.findings)
        if verdict.level is None:
            continue  # nothing that a damaged file says is worth showing
        yield printable(f"  {verdict.kind} by {verdict.author}")
        if verdict.c is not None and verdict.index is not None:
            yield f"  {receipt.seal(verdict.index, verdict.c)}"
            if wordlist:
                yield f"  {' '.join(receipt.words(verdict.c, wordlist))}"
        for shown, value in verdict.disclosed:
            yield printable(f"  {shown}: {json.dumps(value, ensure_ascii=False)}")


def _summary(verdict: Verdict) -> str:
    if verdict.level is None:
        return "NOT VALID"
    met = "" if verdict.valid else ", but your policy asks for more"
    return f"{verdict.level.value}{met}"


def _steps(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        mark = "ok  " if finding.ok else "FAIL"
        yield printable(f"  {finding.step} {mark} {finding.text}")


def thread_lines(verdict: ThreadVerdict) -> Iterator[str]:
    """Say what is found in a thread."""
    if verdict.level is None:
        yield "NOT WHOLE"
        yield from _steps(verdict.findings)
        return
    whole = f"{verdict.count} entries at size {verdict.size}"
    yield f"{verdict.level.value}: {whole}, by reading all leaves"
    yield from _steps(verdict.findings)
    for place in verdict.entries:
        seal = receipt.seal(place.index, place.c)
        what = "erased"
        if place.verdict is not None:
            what = f"{place.verdict.kind} by {place.verdict.author}"
        yield printable(f"  {seal} {what}")


def printable(text: str) -> str:
    """Return a text that cannot steer the terminal of whoever reads it."""
    return "".join([one if one.isprintable() else f"\\u{ord(one):04x}" for one in text])
