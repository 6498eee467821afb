"""Receipts of both communities, taken home and checked with nothing of the nodes."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from node.demo import bench
from node.demo.browser import Browser, PageWrong
from node.demo.journey import LATER, OK, Chain, Journey, Site, expect, until

_PROOF = ".tlog-proof"


def hold(trip: Journey) -> None:
    """Check every receipt that somebody holds, by the policy of its own node."""
    with trip.step("every receipt of both communities verifies, offline") as seen:
        for site, other in ((trip.here, trip.there), (trip.there, trip.here)):
            chains = [it for it in trip.chains if it.site == site]
            with bench.laid() as on:
                files = [path for it in chains for path in _taken_home(on, it, other)]
                _pin(on, site)
                done = bench.verify(on, files)
            found = json.loads(done.stdout)["receipts"]
            trip.verdicts += [(site, verdict) for verdict in found]
            good = sum(verdict["level"] == "witnessed" for verdict in found)
            if good != len(files) or done.returncode != 0:
                raise PageWrong(f"{len(files) - good} receipts do not hold")
            seen.append(f"{good} of {site.community.name}, by {other.witness}")
        seen.append("by python -m ledger verify")


def _taken_home(on: Path, chain: Chain, other: Site) -> list[Path]:
    """Save all receipts of a chain, once the other community signed above each."""
    line = f"\n— {other.witness} ".encode()

    def look() -> dict[str, bytes] | None:
        answer = chain.browser.get(chain.path, chain.headers)
        if answer.status == LATER:
            return None
        files = _files(expect(answer, OK).body)
        return files if all(line in raw for raw in files.values()) else None

    found = until("receipts that are witnessed", look)
    for name, raw in found.items():
        (on / name).write_bytes(raw)
    return [on / name for name in found]


def _files(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as held:
        names = [name for name in held.namelist() if name.endswith(_PROOF)]
        return {name: held.read(name) for name in names}


def _pin(on: Path, site: Site) -> None:
    policy = expect(Browser(site.home).get("/ledger/policy"), OK)
    (on / "policy").write_bytes(policy.body)


def in_both_ledgers(trip: Journey) -> None:
    """See that the words that went from one to the other are in both ledgers."""
    with trip.step("every word of the answer is in both ledgers") as seen:
        for site, entries in (
            (trip.there, (("refer.in", "node"), ("reply", "advocate"))),
            (trip.here, (("reply", "partner"), ("deliver", "node"))),
        ):
            found = Counter(
                (verdict["kind"], verdict["role"])
                for whose, verdict in trip.verdicts
                if whose == site
            )
            for kind, role in entries:
                if not found[kind, role]:
                    raise PageWrong(f"no {kind} by a {role} there")
                seen.append(f"{kind} by {role}: {found[kind, role]}")
            seen.append(f"in the ledger of {site.community.name}")


def forged(trip: Journey) -> None:
    """See that a receipt with one changed byte fails."""
    with (
        trip.step("a receipt with one changed byte fails") as seen,
        bench.laid() as on,
    ):
        path = _taken_home(on, trip.chains[0], trip.there)[0]
        raw = bytearray(path.read_bytes())
        raw[-20] ^= 1
        path.write_bytes(raw)
        _pin(on, trip.here)
        if bench.verify(on, [path]).returncode != 1:
            raise PageWrong("a forged receipt was accepted")
        seen.append("refused")
