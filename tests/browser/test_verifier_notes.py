"""Notes and witness lines of others: the browser opens what Python opens."""

import json
from base64 import b64encode

from ledger import cosignature, note, tiles, tree
from ledger.checkpoint import parse
from ledger.errors import Invalid
from ledger.note import ML_DSA, VKey
from tests.browser.damage import flipped
from tests.browser.test_verifier import MODULES, apart
from tests.browser.test_verifier_wholes import in_browser
from tests.ledger.test_cosignature import SUNLIGHT
from tests.ledger.test_tiles import TESSERA, tessera_vkey
from tests.ledger.test_tree import GO

#: Every so many bytes of a note, one is changed.
STEP = 5


def sunlights():
    """Yield what Sunlight's witnesses signed, and their keys."""
    for folder in sorted(SUNLIGHT.glob("witness*/witness.v0.json")):
        key = json.loads(folder.read_text())["verifier_keys"][0]
        for path in sorted(folder.parent.glob("[0-9]*/checkpoint")):
            yield path.read_bytes(), key


def damaged(raw):
    """Yield a note, and what is left of it after a byte was changed."""
    yield raw
    for at in range(0, len(raw), STEP):
        yield flipped(raw, at, 1 << at % 8)


def judged(found, raw, key):
    try:
        return found(raw, VKey.parse(key))
    except Invalid as no:
        return no.code


def signers(raw, key):
    return [str(one) for one in note.open(raw, [key]).verified]


def times(raw, key):
    found = note.parse(raw)
    lines = [line for line in found.lines if line.by(key)]
    return [str(cosignature.verify(found.text, line, key)) for line in lines]


def given(cases):
    return [[b64encode(raw).decode(), key] for raw, key in cases]


def test_notes_of_others_are_opened_alike(opened):
    cases = [(case["note"].encode(), case["vkey"]) for case in GO["notes"]]
    cases += [
        (raw, tessera_vkey())
        for path in sorted(TESSERA.glob("checkpoint*"))[:3]
        for raw in damaged(path.read_bytes())
    ]
    cases += [(case["cosigned"].encode(), case["log_vkey"])
              for case in GO["cosignatures"]]  # fmt: skip

    theirs = in_browser(opened, "note", given(cases))

    ours = [judged(signers, raw, key) for raw, key in cases]
    assert apart(map(str, cases), ours, theirs) == {}
    assert sum(isinstance(one, list) for one in ours) > 10
    assert {"note-signature", "note-unsigned", "note-malformed"} <= {
        one for one in ours if isinstance(one, str)
    }


def test_witness_lines_of_others_are_judged_alike(opened):
    whole = [(case["cosigned"].encode(), case["witness_vkey"])
             for case in GO["cosignatures"]]  # fmt: skip
    whole += sunlights()
    strong = [VKey.parse(key).type == ML_DSA for _, key in whole]
    weak = [
        case for case, is_strong in zip(whole, strong, strict=True) if not is_strong
    ]
    cases = [(one, key) for raw, key in weak for one in damaged(raw)]

    theirs = in_browser(opened, "cosignature", given(cases))

    ours = [judged(times, raw, key) for raw, key in cases]
    assert apart(map(str, cases), ours, theirs) == {}
    assert sum(bool(one) and one != "cosignature" for one in ours) > 10
    # No browser checks these yet: they are never taken for true.
    pq = [case for case, is_strong in zip(whole, strong, strict=True) if is_strong]
    assert pq
    assert set(in_browser(opened, "cosignature", given(pq))) == {"unsupported"}


def test_the_browser_comes_to_the_root_of_tesseras_log(opened):
    sizes = range(1, 16)
    bundles = [TESSERA / tiles.path(tiles.ENTRIES, 0, size) for size in sizes]

    theirs = opened.evaluate(
        """async ({ place, bundles }) => {
          const { Tree } = await import(`${place}/tree.js`);
          const { unbundle } = await import(`${place}/proof.js`);
          const { b64, unb64 } = await import(`${place}/bytes.js`);
          const roots = [];
          for (const bundle of bundles) {
            const tree = new Tree();
            for (const leaf of unbundle(unb64(bundle))) await tree.append(leaf);
            roots.push(b64(await tree.root()));
          }
          return roots;
        }""",
        {
            "place": MODULES,
            "bundles": [b64encode(it.read_bytes()).decode() for it in bundles],
        },
    )

    signed = [(TESSERA / f"checkpoint.{size}").read_bytes() for size in sizes]
    stated = [parse(note.parse(raw).text).root for raw in signed]
    assert theirs == [b64encode(root).decode() for root in stated]
    assert len(theirs[0]) == 4 * -(-tree.HASH // 3)
