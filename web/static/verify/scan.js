// Reading a log's leaves once, to know that it is this log and where tags stand: only the
// leaves themselves prove that a tag is nowhere else.

import { Invalid, b64u, latin1 } from "./bytes.js";
import { readLeaf } from "./entry.js";
import { MOST_CHANGES, readChange } from "./rotation.js";
import { Tree } from "./tree.js";

const SEALED = 1;
const CLEAR = 0;

function tryLeaf(leaf) {
  try {
    return readLeaf(leaf);
  } catch (error) {
    if (error instanceof Invalid) return {}; // an unknown leaf says nothing
    throw error;
  }
}

class Scan {
  tree = new Tree();
  /** By number: where its tag stands, and what the leaf commits to. */
  tags = new Map();
  /** Leaves about the log's keys, not more of them than anybody follows. */
  changes = [];
  /** By commitment, the index of the tombstone that names it. */
  tombstones = new Map();
  #found = new Set();

  look(index, leaf, seq) {
    if (seq !== undefined) this.#hit(index, leaf, seq);
    else if (leaf[0] === CLEAR) this.#read(index, leaf);
  }

  #hit(index, leaf, seq) {
    const { c } = leaf[0] === SEALED ? tryLeaf(leaf) : {};
    if (!c) return;
    this.tags.set(seq, [...(this.tags.get(seq) ?? []), { index, c }]);
    this.#found.add(b64u(c));
  }

  #read(index, leaf) {
    const { clear } = tryLeaf(leaf);
    const targets = clear?.kind === "tombstone" ? clear.body.get("targets") : null;
    for (const one of Array.isArray(targets) ? targets : []) {
      if (this.#found.has(one)) this.tombstones.set(one, index);
    }
    if (this.changes.length <= MOST_CHANGES && readChange(leaf)) this.changes.push(leaf);
  }
}

/** Read the leaves, in order and never more than one past `most`; `wanted` are tags. */
export async function scan(leaves, most, wanted) {
  const found = new Scan();
  for await (const leaf of leaves) {
    found.look(found.tree.size, leaf, wanted.get(latin1(leaf.slice(1, 17))));
    await found.tree.append(leaf);
    if (BigInt(found.tree.size) > most) break;
  }
  return found;
}
