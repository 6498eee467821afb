// The tree of RFC 6962: hashes, proofs (RFC 9162), and the root over leaves read in order.

import { HASH, refuse, same, sha256 } from "./bytes.js";

/** No tree of fewer than 2^63 leaves needs a longer proof. */
export const LONGEST_PROOF = 63;

/** Return the hash under which a leaf stands in the tree. */
export const leafHash = (leaf) => sha256(Uint8Array.of(0), leaf);

const parent = (left, right) => sha256(Uint8Array.of(1), left, right);

/** Raise unless the leaf hash stands at `index` of the tree with this size and root. */
export async function verifyInclusion(index, size, leaf, proof, root) {
  // RFC 9162, 2.1.3.2
  if (proof.length > LONGEST_PROOF || index >= size) refuse("inclusion");
  let [at, last, hashed] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) refuse("inclusion");
    if (at & 1n || at === last) {
      hashed = await parent(sibling, hashed);
      while (at && !(at & 1n)) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hashed = await parent(hashed, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  if (last || !same(hashed, root)) refuse("inclusion");
}

/** Return the roots of sizes m < n that a path stands for, its first hash explicit. */
export async function foldConsistency(m, n, path) {
  // RFC 9162, 2.1.4.2, from step 3
  if (m <= 0n || m >= n || !path.length) refuse("consistency");
  let [at, last] = [m - 1n, n - 1n];
  while (at & 1n) [at, last] = [at >> 1n, last >> 1n];
  let [older, newer] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0n) refuse("consistency");
    if (at & 1n || at === last) {
      [older, newer] = [await parent(sibling, older), await parent(sibling, newer)];
      while (at && !(at & 1n)) [at, last] = [at >> 1n, last >> 1n];
    } else {
      newer = await parent(newer, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last ? refuse("consistency") : [older, newer];
}

/** A tree that leaves are added to; it keeps one hash for each whole subtree. */
export class Tree {
  size = 0;
  #peaks = [];

  async append(leaf) {
    let hashed = await leafHash(leaf);
    for (let rest = this.size; rest % 2; rest = Math.floor(rest / 2)) {
      hashed = await parent(this.#peaks.pop(), hashed);
    }
    this.#peaks.push(hashed);
    this.size += 1;
  }

  async root() {
    const peaks = [...this.#peaks];
    let above = peaks.pop() ?? (await sha256(new Uint8Array()));
    while (peaks.length) above = await parent(peaks.pop(), above);
    return above;
  }
}

/** A leaf's data, its index, and the hashes that lead to a root: inside other files. */
function readIncluded(shape) {
  const { given } = shape;
  const named = ["index", "leaf", "proof"].every((name) => given.has(name));
  if (!named || given.size !== 3) refuse(shape.code);
  const proof = readHashes(shape, "proof");
  return { index: BigInt(shape.number("index")), leaf: shape.raw("leaf"), proof };
}

/** Return a member that lists leaves with their proofs. */
export const readLeaves = (shape, name) => shape.objects(name).map(readIncluded);

/** Return a member that lists the hashes of a proof, at most 63. */
export function readHashes(shape, name) {
  const texts = shape.texts(name);
  if (texts.length > LONGEST_PROOF) refuse(shape.code);
  return texts.map((one) => shape.decoded(one, HASH));
}

/** Raise unless a shown leaf stands in the tree of a checkpoint. */
export async function requireIncluded({ index, leaf, proof }, { size, root }) {
  await verifyInclusion(index, size, await leafHash(leaf), proof, root);
}
