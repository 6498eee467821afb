// The proof file (C2SP tlog-proof) and the entry bundle (C2SP tlog-tiles).

import { HASH, number, refuse, unb64, unutf8 } from "./bytes.js";
import { LONGEST_PROOF } from "./tree.js";

/** The most bytes that a receipt may have. */
export const LONGEST_RECEIPT = 192 * 1024;
/** An entry bundle has at most so many leaves. */
export const FULL = 256;
const FIRST = "c2sp.org/tlog-proof@v1";

const noProof = () => refuse("proof-malformed");

/** Take a proof file apart, strictly; the checkpoint is left as it stands. */
export function readProof(raw) {
  if (raw.length > LONGEST_RECEIPT) noProof();
  const gap = raw.findIndex((byte, at) => byte === 0x0a && raw[at + 1] === 0x0a);
  const head = gap < 0 ? noProof() : raw.slice(0, gap);
  if (head.some((byte) => byte > 0x7f)) noProof();
  const [first, ...lines] = unutf8(head, "proof-malformed").split("\n");
  if (first !== FIRST || !lines.length) noProof();
  const extra = lines[0].startsWith("extra ") ? unb64(lines.shift().slice(6)) : null;
  if (!lines.length || !lines[0].startsWith("index ")) noProof();
  const index = number(lines.shift().slice(6));
  const hashes = lines.map(unb64);
  if (hashes.length > LONGEST_PROOF || hashes.some((one) => one.length !== HASH)) noProof();
  return { extra, index, hashes, checkpoint: raw.slice(gap + 2) };
}

/** Return the leaves of an entry bundle. */
export function unbundle(raw) {
  const leaves = [];
  let at = 0;
  while (at + 1 < raw.length) {
    const start = at + 2;
    at = start + raw[at] * 256 + raw[at + 1];
    leaves.push(raw.slice(start, at));
  }
  return at === raw.length && leaves.length <= FULL ? leaves : refuse("bundle");
}

/** Return the leaf that a bundle holds for a receipt, if both can be read. */
export function leafFor(raw, leaves) {
  try {
    return leaves[Number(readProof(raw).index % BigInt(FULL))] ?? null;
  } catch {
    return null; // the verdict says what is wrong with the file
  }
}
