"""What a verdict says to people, in lines, and to programs, as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping

from ledger import audit, fraud, receipt
from ledger.encoding import Json, b64u_or_null
from ledger.errors import Invalid
from ledger.receipt import Finding, Place, ThreadVerdict, Verdict


def receipts(verdicts: Mapping[str, Verdict]) -> dict[str, Json]:
    """Return what is found in receipts, by the names of their files."""
    each: list[Json] = [{"file": name, **_facts(one)} for name, one in verdicts.items()]
    return {"receipts": each, "valid": all(one.valid for one in verdicts.values())}


def _facts(verdict: Verdict) -> dict[str, Json]:
    return {
        "valid": verdict.valid,
        "level": verdict.level and verdict.level.value,
        "findings": findings(verdict.findings),
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


def findings(found: Iterable[Finding]) -> list[Json]:
    """Return the outcome of each step."""
    return [
        {
            "step": finding.step,
            "name": finding.name,
            "ok": finding.ok,
            "code": finding.code,
            "text": finding.text,
        }
        for finding in found
    ]


def thread(verdict: ThreadVerdict) -> dict[str, Json]:
    """Return what is found in a thread."""
    before = [None, *verdict.entries]
    pairs = zip(before, verdict.entries, strict=False)
    return {
        "valid": verdict.valid,
        "level": verdict.level and verdict.level.value,
        "findings": findings(verdict.findings),
        "log": verdict.log,
        "size": verdict.size,
        "later": verdict.later,
        "entries": [_place(place, last) for last, place in pairs],
    }


def _place(place: Place, last: Place | None) -> Json:
    said = place.verdict
    took = None if last is None else receipt.elapsed(last.when, place.when)
    return {
        "seq": place.seq,
        "log": place.log or None,
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


def audited(found: audit.Findings) -> dict[str, Json]:
    """Return what is found in a copy of a log."""
    return {
        "valid": found.valid,
        "log": found.reached.origin,
        "size": found.reached.size,
        "sealed": found.sealed,
        "clear": found.clear,
        "findings": findings(found.findings),
    }


def audit_lines(found: audit.Findings) -> Iterator[str]:
    """Say what is found in a copy of a log."""
    size = found.reached.size
    whole = f"{size} entries, all in order" if found.valid else "NOT IN ORDER"
    yield printable(f"{found.reached.origin}: {whole}")
    yield from steps(found.findings)


def receipt_lines(
    verdicts: Mapping[str, Verdict], wordlist: list[str]
) -> Iterator[str]:
    """Say what is found in receipts."""
    for name, verdict in verdicts.items():
        yield printable(f"{name}: {_summary(verdict)}")
        yield from steps(verdict.findings)
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


def steps(found: Iterable[Finding]) -> Iterator[str]:
    """Say the outcome of each step, in a line."""
    for finding in found:
        mark = "ok  " if finding.ok else "FAIL"
        yield printable(f"  {finding.step} {mark} {finding.text}")


def thread_lines(verdict: ThreadVerdict) -> Iterator[str]:
    """Say what is found in a thread."""
    if verdict.level is None:
        yield _went_on(verdict.later) if verdict.later else "NOT WHOLE"
        yield from steps(verdict.findings)
        return
    whole = f"{verdict.count} entries at size {verdict.size}"
    yield f"{verdict.level.value}: {whole}, by reading all leaves"
    if verdict.away:
        yield printable(
            f"{verdict.away} of them stand in another log of this host: check those "
            f"with a copy of that log; this is one of {verdict.log}"
        )
    yield from steps(verdict.findings)
    for place in verdict.entries:
        yield printable(f"  {_entry(place, verdict.log)}")
    if any(
        one.verdict and one.verdict.kind == audit.AWARDED for one in verdict.entries
    ):
        yield _points(verdict)


def _went_on(count: int) -> str:
    more = "1 more entry" if count == 1 else f"{count} more entries"
    more = f"at least {more}" if count >= receipt.BEYOND else more
    again = "Save it again to check those too."
    return f"NOT THE WHOLE: it has gone on since you saved it: {more}. {again}"


def _entry(place: Place, log: str) -> str:
    what = "erased"
    if place.verdict is not None:
        what = f"{place.verdict.kind} by {place.verdict.author}"
    if place.index is None or place.c is None:
        return f"{what}, in another log"
    seal = receipt.seal(place.index, place.c)
    return f"{seal} {what}" if place.log == log else f"{seal} {what}, in {place.log}"


def _points(verdict: ThreadVerdict) -> str:
    try:
        return f"  {audit.points(verdict)} points, from {printable(verdict.log)}"
    except Invalid as no:
        return f"  The points cannot be counted: {no.text}"


def judged(verdict: fraud.Verdict) -> dict[str, Json]:
    """Return what a fraud file proves."""
    told = {"kind": verdict.kind, "log": verdict.log, "code": verdict.code}
    return {"valid": verdict.holds, **told, "text": verdict.text}


def judged_lines(name: object, verdict: fraud.Verdict) -> Iterator[str]:
    """Say what a fraud file proves."""
    word = verdict.kind if verdict.holds else "proves nothing"
    yield printable(f"{name}: {word}: {verdict.text}")


def printable(text: str) -> str:
    """Return a text that cannot steer the terminal of whoever reads it."""
    return "".join([one if one.isprintable() else f"\\u{ord(one):04x}" for one in text])
