// The case-head note: how long a chain is, in the node's signed words.

import { HASH, number, refuse, unb64u, unutf8 } from "./bytes.js";
import { ED25519, ed25519 } from "./keys.js";
import { isBy, parseNote } from "./note.js";

const FIRST_LINE = "folkmoot.case-head/1";
const ROWS = ["kc", "size", "count", "head", "at"];
const NOTHING = "-";

/** Return the keys whose signatures of type 0x01 are under a note; all must hold. */
export async function signersOf({ text, lines }, vkeys) {
  const signers = [];
  for (const line of lines) {
    for (const vkey of vkeys.filter((one) => isBy(line, one) && one.type === ED25519)) {
      if (!(await ed25519(vkey.key, line.body, text))) refuse("note-signature");
      signers.push(vkey);
    }
  }
  return signers.length ? signers : refuse("note-unsigned");
}

/** Check a case-head note by the statements keys; return what it says. */
export async function readHead(raw, vkeys) {
  const note = parseNote(raw);
  const signers = await signersOf(note, vkeys);
  const [first, log, ...lines] = unutf8(note.text).split("\n");
  const rows = lines.slice(0, -1).map((line) => [line.split(" ", 1)[0], line]);
  const named = rows.length === ROWS.length && ROWS.every((name, at) => rows[at][0] === name);
  if (first !== FIRST_LINE || !named) refuse("head-malformed");
  const host = log.split("/", 1)[0];
  // Whoever pins the keys of several nodes must not take one's word about another.
  if (!signers.some((vkey) => vkey.name === `${host}/statements`)) refuse("head-foreign");
  const [kc, size, count, last, at] = rows.map(([name, line]) => line.slice(name.length + 1));
  return {
    log, kc: unb64u(kc, HASH), size: number(size), count: number(count),
    head: last === NOTHING ? null : unb64u(last, HASH), at: number(at),
  };
}
