// Signed notes, checkpoints and cosignatures (C2SP): a log's word, and who saw it.

import { HASH, join, number, refuse, same, unb64, unsigned, unutf8 } from "./bytes.js";
import { COSIGNATURE, ED25519, ed25519, requireName } from "./keys.js";

/** The most bytes that a note may have. */
export const LONGEST_NOTE = 65536;
const MALFORMED = "note-malformed";
const MOST_LINES = 64;
const DASH = "\u2014 ";
const TIME = 8;
const LARGEST_TIME = 2n ** 63n - 1n;

function lastGap(raw) {
  for (let at = raw.length - 2; at >= 0; at -= 1) {
    if (raw[at] === 0x0a && raw[at + 1] === 0x0a) return at;
  }
  return refuse(MALFORMED);
}

function readLine(row) {
  const gap = row.indexOf(" ", DASH.length);
  if (!row.startsWith(DASH) || gap < 0) refuse(MALFORMED);
  const name = row.slice(DASH.length, gap);
  requireName(name);
  const raw = unb64(row.slice(gap + 1));
  return raw.length > 4 ? { name, id: raw.slice(0, 4), body: raw.slice(4) } : refuse(MALFORMED);
}

/** Take a note apart, at its last empty line, without checking any signature. */
export function parseNote(raw) {
  if (raw.length > LONGEST_NOTE) refuse(MALFORMED);
  const gap = lastGap(raw);
  const rows = unutf8(raw.slice(gap + 2), MALFORMED).split("\n");
  const control = raw.some((byte) => byte < 0x20 && byte !== 0x0a);
  if (control || rows.pop() !== "" || !rows.length || rows.length > MOST_LINES) refuse(MALFORMED);
  const lines = rows.map(readLine);
  const text = raw.slice(0, gap + 1);
  unutf8(text, MALFORMED);
  return { text, lines };
}

/** Read a checkpoint's text; lines after the third are accepted and not read. */
export function parseCheckpoint(text) {
  const lines = unutf8(text, "checkpoint-malformed").split("\n");
  const whole = lines.length >= 4 && lines.slice(0, -1).every(Boolean) && lines.at(-1) === "";
  if (!whole) refuse("checkpoint-malformed");
  const [origin, size, coded] = lines;
  const root = unb64(coded);
  if (root.length !== HASH) refuse("checkpoint-malformed");
  return { origin, size: number(size), root };
}

/** Say whether a line claims to be this key's. */
export const isBy = (line, vkey) => line.name === vkey.name && same(line.id, vkey.id);

/** Raise unless a log key of this name signed the note, and none of them failed. */
export async function requireLog({ text, lines }, origin, vkeys) {
  const verified = [];
  for (const line of lines) {
    for (const vkey of vkeys.filter((one) => one.name === origin && isBy(line, one))) {
      if (vkey.type !== ED25519) refuse("unsupported");
      verified.push(await ed25519(vkey.key, line.body, text));
    }
  }
  if (!verified.length) refuse("log-unknown");
  if (!verified.every(Boolean)) refuse("log-signature");
}

/** Check a witness's line under a text; return its time in seconds. */
export async function cosigned(text, line, vkey) {
  const at = unsigned(line.body.slice(0, TIME));
  if (at > LARGEST_TIME) refuse("cosignature");
  if (vkey.type !== COSIGNATURE) refuse("unsupported");
  const message = join(`cosignature/v1\ntime ${at}\n`, text);
  const holds = await ed25519(vkey.key, line.body.slice(TIME), message);
  return holds ? at : refuse("cosignature");
}

/** Return the policy's witnesses of a note, and when each first saw it. */
export async function seenBy({ text, lines }, policy) {
  const times = new Map();
  for (const line of lines) {
    for (const [name, vkey] of policy.witnesses) {
      if (!isBy(line, vkey)) continue;
      const at = await cosigned(text, line, vkey);
      const before = times.get(name) ?? at;
      times.set(name, at < before ? at : before);
    }
  }
  return times;
}
