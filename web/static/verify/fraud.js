// Judging fraud proofs: what a log signed twice, in ways that exclude each other. The
// rules and their codes are those of `ledger/fraud` in Python.

import { Invalid, refuse, same, utf8 } from "./bytes.js";
import { readLeaf } from "./entry.js";
import { readHead } from "./head.js";
import { Shape } from "./json.js";
import { cosigned, isBy, parseCheckpoint, parseNote, requireLog } from "./note.js";
import { NONE } from "./policy.js";
import { requireSteps } from "./receipt.js";
import { vkeyOf } from "./rotation.js";
import { foldConsistency, readHashes, readLeaves, requireIncluded } from "./tree.js";

/** The most bytes that a fraud proof may have. */
export const LONGEST_FRAUD = 512 * 1024;
const FRAUD = "folkmoot.fraud/1";
const MISWRITTEN = "fraud-malformed";
/** Clocks may differ by so many seconds before anybody is accused. */
const SLACK = 300n;
/** The steps of checking a receipt that a withheld entry rests on. */
const RESTS_ON = ["chain", "leaf", "inclusion", "log"];

async function notesOf({ shape, log }, count) {
  const texts = shape.texts("notes");
  if (texts.length !== count) refuse(MISWRITTEN);
  const found = [];
  for (const text of texts) {
    const note = parseNote(utf8(text));
    const stated = parseCheckpoint(note.text);
    await requireLog(note, stated.origin, [log]);
    found.push({ note, stated });
  }
  return found;
}

const knows = (vkeys, vkey) => vkeys.some((one) => one.text === vkey.text);

async function headOf({ shape, pins }) {
  const statements = await vkeyOf(shape.text("statements"));
  if (!knows(pins.statements, statements)) refuse("statements-unknown");
  return readHead(utf8(shape.text("head")), [statements]);
}

async function split(it) {
  const [{ stated: one }, { stated: other }] = await notesOf(it, 2);
  if (one.size !== other.size || same(one.root, other.root)) refuse("no-split");
  return { size: one.size };
}

async function rewrite(it) {
  const [{ stated: older }, { stated: newer }] = await notesOf(it, 2);
  const path = readHashes(it.shape, "path");
  const [began, ended] = await foldConsistency(older.size, newer.size, path);
  if (!same(ended, newer.root) || same(began, older.root)) refuse("no-rewrite");
  return { size: older.size, larger: newer.size };
}

async function twin(it) {
  const [{ stated }] = await notesOf(it, 1);
  const leaves = readLeaves(it.shape, "leaves");
  if (leaves.length !== 2) refuse(MISWRITTEN);
  const tags = [];
  for (const each of leaves) {
    await requireIncluded(each, stated);
    tags.push(readLeaf(each.leaf).tag ?? refuse("no-twin"));
  }
  const [one, other] = leaves;
  if (one.index === other.index || !same(...tags)) refuse("no-twin");
  return { first: one.index, other: other.index };
}

async function withheld(it) {
  const head = await headOf(it);
  const only = { logs: [it.log], witnesses: new Map(), groups: new Map(), quorum: NONE };
  const raw = utf8(it.shape.text("receipt"));
  const { content, index } = await requireSteps(raw, only, RESTS_ON);
  if (content.clear) refuse("no-withheld");
  const { entry, c } = content;
  const about = head.log === entry.log && same(head.kc, entry.kc) && index < head.size;
  if (!about) refuse("no-withheld");
  const last = BigInt(entry.seq) - head.count + 1n;
  const told = last === 0n && head.head !== null && same(c, head.head);
  if (last < 0n || told) refuse("no-withheld");
  return { number: entry.seq };
}

async function rollback(it) {
  const head = await headOf(it);
  const [{ note, stated }] = await notesOf(it, 1);
  const witness = await vkeyOf(it.shape.text("witness"));
  if (!knows([...it.policy.witnesses.values()], witness)) refuse("witness-unknown");
  let seen = null;
  for (const line of note.lines.filter((one) => isBy(one, witness))) {
    const at = await cosigned(note.text, line, witness);
    if (at && (seen === null || at < seen)) seen = at;
  }
  if (head.log !== stated.origin || stated.size <= head.size) refuse("no-rollback");
  if (head.at <= (seen ?? head.at) + SLACK) refuse("no-rollback");
  return { size: head.size, larger: stated.size };
}

/** Each kind: the rule by which it holds, and the members it has of its own. */
const FRAUDS = new Map([
  ["split", [split, ["notes"]]],
  ["rewrite", [rewrite, ["notes", "path"]]],
  ["twin", [twin, ["notes", "leaves"]]],
  ["withheld", [withheld, ["statements", "head", "receipt"]]],
  ["rollback", [rollback, ["statements", "head", "witness", "notes"]]],
]);

/**
 * Say whether a fraud proof proves what it claims, to a reader with these keys.
 *
 * The log's and witness's keys must be in the policy, the statements key in the pins.
 */
export async function judge(raw, policy, pins) {
  const verdict = { holds: false, code: "", kind: "", log: "", facts: {} };
  try {
    const shape = Shape.parse(raw, MISWRITTEN, LONGEST_FRAUD);
    verdict.kind = shape.text("kind");
    const [rule, members] = FRAUDS.get(verdict.kind) ?? refuse(MISWRITTEN);
    shape.require(FRAUD, ["t", "kind", "log", ...members]);
    const log = await vkeyOf(shape.text("log"));
    if (!knows(policy.logs, log)) refuse("log-unknown");
    verdict.log = log.name;
    verdict.facts = await rule({ shape, log, policy, pins });
    return { ...verdict, holds: true };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return { ...verdict, code: error.code };
  }
}
