// Checking a whole case offline: complete, in order, and not forked (ledger document,
// 5.3). The steps, their names and their codes are those of `ledger/receipt/thread`.

import { Invalid, latin1, refuse, same } from "./bytes.js";
import { keyCommitment, tagOf } from "./entry.js";
import { readHead } from "./head.js";
import { parseCheckpoint, parseNote, requireLog, seenBy } from "./note.js";
import { isLater, placesOf, related, sidesOf, unsureOf } from "./places.js";
import { isMet } from "./policy.js";
import { NOT_CHECKED, QUORUM, find, levelOf, readReceipt, verify } from "./receipt.js";
import { reached } from "./rotation.js";
import { scan } from "./scan.js";

/** So many numbers after the last are looked for in the log as well. */
export const BEYOND = 17;
const UNREAD = { log: "", size: 0n, places: [], witnesses: 0, later: 0 };
/** The code of a case that has more entries than when it was saved. */
const GROWN = "grown";
/** Clocks may differ by so many seconds. */
const AHEAD = 300n;

async function shownOf(raw, policy, pins, caseKey) {
  const { index, content } = await readReceipt(raw);
  if (content.clear) refuse("not-sealed");
  const verdict = await verify(raw, policy, pins, { caseKey });
  const { entry, c } = content;
  const { notBefore = null, notAfter = null } = verdict;
  const { seq, log, at } = entry;
  return { seq, log, index, c, entry, verdict, at, notBefore, notAfter };
}

async function openThread(held, leaves, policy, pins) {
  if (!held.erased.every((seq) => Number.isSafeInteger(seq) && seq >= 0)) refuse("number");
  const note = parseNote(held.checkpoint);
  const shown = [];
  for (const raw of held.receipts) shown.push(await shownOf(raw, policy, pins, held.caseKey));
  shown.sort((one, other) => one.seq - other.seq);
  const numbers = new Set([...shown.map((one) => one.seq), ...held.erased]);
  const thread = { ...held, note, policy, pins, shown, numbers };
  thread.stated = parseCheckpoint(note.text);
  thread.kc = await keyCommitment(held.caseKey);
  thread.times = new Map();
  thread.found = await scan(leaves, thread.stated.size, await wantedOf(thread));
  thread.sides = sidesOf(thread);
  thread.unsure = unsureOf(thread);
  thread.places = placesOf(thread);
  thread.told = await toldBy(thread);
  thread.later = laterOf(thread);
  return thread;
}

async function wantedOf({ numbers, caseKey }) {
  const wanted = new Map();
  const next = Array.from({ length: numbers.size + BEYOND }, (_, seq) => seq);
  for (const seq of new Set([...numbers, ...next])) {
    wanted.set(latin1(await tagOf(caseKey, seq)), seq);
  }
  return wanted;
}

function receipts({ shown }) {
  const failed = shown.find((one) => !one.verdict.level);
  if (failed) refuse(failed.verdict.findings.find((one) => !one.ok).code);
}

function linked({ shown, numbers, erased, stated, kc }) {
  for (const { entry } of shown) {
    if (!related(stated.origin, entry.log)) refuse("log-mismatch");
    if (!same(entry.kc, kc)) refuse("case-key");
    if (!same(entry.chain, shown[0].entry.chain)) refuse("chain-mismatch");
  }
  if (numbers.size !== shown.length + new Set(erased).size) refuse("seq-twice");
  shown.slice(1).forEach((one, at) => requireFollows(shown[at], one));
  if (![...numbers].every((seq) => seq < numbers.size)) refuse("gap");
}

function requireFollows(before, one) {
  const next = one.seq === before.seq + 1;
  if (next && !(one.entry.prev && same(one.entry.prev, before.c))) refuse("fork");
  if (one.at < before.at) refuse("time");
  const after = one.log === before.log ? one.index > before.index : isLater(one.log, before.log);
  if (!after) refuse("order");
}

async function logged({ note, stated, policy, found }) {
  const vkeys = await reached(policy.logs, stated.origin, found.changes);
  await requireLog(note, stated.origin, vkeys);
}

async function witnessed(thread) {
  thread.times = await seenBy(thread.note, thread.policy);
  if (!isMet(thread.policy, thread.times)) refuse(QUORUM);
}

async function complete({ found, stated }) {
  const whole = BigInt(found.tree.size) === stated.size;
  if (!whole || !same(await found.tree.root(), stated.root)) refuse("leaves");
}

function requireOnce(side, times) {
  if (side === undefined) refuse("withheld");
  if (side !== 0 && times) refuse("tag-twice");
  if (side === 0 && !times) refuse("not-recorded");
  if (times > 1) refuse("tag-twice");
}

const rising = (numbers) => numbers.every((one, at) => at === 0 || numbers[at - 1] <= one);

// Entries that are not here, but go on after the note on the head: whoever saved the case
// with that note cannot have them, and nobody kept them back.
function laterOf({ found: { tags }, sides, numbers, told }) {
  if (!told?.size) return [];
  const beyond = [...tags].filter(([seq, [{ index }]]) => !sides.has(seq) && index >= told.size);
  const later = beyond.map(([seq]) => seq).sort((one, other) => one - other);
  return later.every((seq, at) => seq === numbers.size + at) ? later : [];
}

function tagged({ found: { tags }, sides: known, shown, erased, later }) {
  const sides = new Map([...known, ...later.map((seq) => [seq, 0])]);
  const inOrder = [...new Set([...tags.keys(), ...sides.keys()])].sort((one, other) => one - other);
  for (const seq of inOrder) requireOnce(sides.get(seq), tags.get(seq)?.length ?? 0);
  for (const { seq, index, c, entry } of shown) {
    const [place] = tags.get(seq) ?? [];
    if (place && (BigInt(place.index) !== index || !same(place.c, c))) refuse("place");
    const [before] = (erased.includes(seq - 1) && tags.get(seq - 1)) || [];
    if (before && !(entry.prev && same(before.c, entry.prev))) refuse("place");
  }
  const indexes = inOrder.filter((seq) => tags.has(seq)).map((seq) => tags.get(seq)[0].index);
  if (!rising(indexes) || !rising(inOrder.map((seq) => sides.get(seq)))) refuse("order");
  if (later.length) refuse(GROWN);
}

function isTold({ count, head, size }, { places, sides, unsure }) {
  // Entries of an earlier log were there before the first of this one.
  const sure = places.filter(({ seq, index }) => {
    const side = sides.get(seq);
    return side < 0 || (side === 0 && index !== null && index < size);
  });
  const most = [...sure, ...places.filter(({ seq }) => unsure.includes(seq))];
  if (count < sure.length || count > most.length) return false;
  if (count === 0n) return head === null;
  const { c } = most[Number(count) - 1];
  // Of an entry that was erased in another log, nobody may know the commitment.
  return head !== null && (c === null || same(c, head));
}

// What the note on the head says, or why it says nothing here.
async function toldBy({ head, pins, stated, kc }) {
  if (!head) return null;
  try {
    const told = await readHead(head, pins.statements);
    const ours = told.log === stated.origin && same(told.kc, kc);
    return ours ? told : { code: "chain-mismatch" };
  } catch (error) {
    if (error instanceof Invalid) return { code: error.code };
    throw error;
  }
}

function headed(thread) {
  const { told, stated } = thread;
  if (!told) return;
  if (told.code) refuse(told.code);
  if (told.size > stated.size) refuse("head-newer");
  if (!isTold(told, thread)) refuse("head-withheld");
}

const THREAD_STEPS = {
  receipts, chain: linked, log: logged, witnesses: witnessed, leaves: complete,
  tags: tagged, head: headed,
};

const smaller = (one, other) => (one === null || (other !== null && other < one) ? other : one);
const larger = (one, other) => (one === null || (other !== null && other > one) ? other : one);

// An entry came after whatever came before an earlier one, and the other way round. All
// of them up to this log's last are in this checkpoint or were there before it, so none
// is newer than its first witness.
function tighten({ places, sides, times }) {
  let first = null;
  for (const place of places) place.notBefore = first = larger(first, place.notBefore);
  const seen = { notAfter: [...times.values()].filter(Boolean).reduce(smaller, null) };
  const until = places.filter(({ seq }) => sides.get(seq) <= 0).length;
  const bounds = [...places.slice(0, until), seen, ...places.slice(until)].reverse();
  let last = null;
  for (const one of bounds) one.notAfter = last = smaller(last, one.notAfter);
}

function bracketed(level, places) {
  if (!level) refuse(NOT_CHECKED);
  for (const { at, notBefore, notAfter } of places) {
    if (at === null) continue;
    const seconds = BigInt(Math.floor(at / 1000));
    const early = notBefore !== null && seconds < notBefore - AHEAD;
    if (early || (notAfter !== null && seconds > notAfter + AHEAD)) refuse("time-outside");
  }
}

/**
 * Check what is held of one chain against all leaves of its checkpoint.
 *
 * `held` are `receipts`, a signed `checkpoint`, the `caseKey`, a `head` note or null, and
 * the numbers of entries that were `erased`. The leaves are read once and not kept. Found
 * are `later` entries, where nothing is wrong but that they are not here; as they are only
 * looked for up to `BEYOND`, so many may mean more.
 */
export async function verifyThread(held, leaves, policy, pins) {
  let thread = null;
  const open = async () => (thread = await openThread(held, leaves, policy, pins));
  const findings = [await find(1, "form", open)];
  for (const [name, step] of Object.entries(THREAD_STEPS)) {
    const check = thread ? () => step(thread) : () => refuse(NOT_CHECKED);
    findings.push(await find(findings.length + 1, name, check));
  }
  const level = thread ? levelOf(policy, findings) : null;
  if (thread) tighten(thread);
  findings.push(await find(9, "report", () => bracketed(level, thread?.places)));
  const valid = findings.every((one) => one.ok);
  if (!thread) return { findings, valid, level, ...UNREAD };
  const { stated, places, times } = thread;
  const failed = findings.filter((one) => !one.ok).map((one) => one.code);
  const grew = failed.every((code) => [GROWN, NOT_CHECKED, QUORUM].includes(code));
  const later = grew ? thread.later.length : 0;
  const facts = { log: stated.origin, size: stated.size, places, witnesses: times.size, later };
  return { findings, valid, level, ...facts };
}
