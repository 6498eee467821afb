// Checking a receipt offline (ledger document, 5.2): nine findings and a level.
//
// Every step is taken, whatever the others say, and every outcome is a finding. The
// steps, their names and their codes are those of `ledger/receipt` in Python.

import { HASH, Invalid, refuse, same, sha256 } from "./bytes.js";
import { checkAuthor, evidenceOf, readAuthor } from "./author.js";
import {
  commit, digest, keyCommitment, readDisclosure, readEntry, readLeaf, readStatement,
  sealedLeaf,
} from "./entry.js";
import { Shape } from "./json.js";
import { parseCheckpoint, parseNote, requireLog, seenBy } from "./note.js";
import { NONE, isMet } from "./policy.js";
import { LONGEST_RECEIPT, readProof } from "./proof.js";
import { reached } from "./rotation.js";
import { leafHash, readLeaves, requireIncluded, verifyInclusion } from "./tree.js";

/** The code of a check that fails although nothing is damaged: too few witnesses. */
export const QUORUM = "quorum";
export const NOT_CHECKED = "not-checked";
const MOST_DISCLOSED = 65536;
const MUST = ["t", "e", "s", "p", "nonce", "d"];
const MAY = ["case_key", "ev", "rot", "vkeys"];
const RECEIPT = "folkmoot.receipt/1";
/** Clocks that differ by more milliseconds than this are worth a remark. */
const APART = 10 * 60 * 1000;

function readPublic(shape) {
  shape.require(RECEIPT, ["t", "leaf"]);
  const data = shape.raw("leaf");
  const { clear } = readLeaf(data);
  return clear ? { clear: true, data, entry: clear } : refuse(shape.code);
}

async function readSealed(shape) {
  shape.require(RECEIPT, [...MUST, ...MAY.filter((name) => shape.given.has(name))]);
  let evidence = null;
  if (shape.given.has("ev")) {
    const inner = shape.inner("ev");
    evidence = { salt: inner.raw("salt", HASH), facts: inner.raw("json") };
  }
  const [e, s, p] = ["e", "s", "p"].map((name) => shape.raw(name));
  const nonce = shape.raw("nonce", HASH);
  const shown = shape.texts("d");
  const caseKey = shape.maybe("case_key", HASH);
  if (shape.given.has("vkeys")) shape.texts("vkeys");
  const rot = shape.given.has("rot") ? readLeaves(shape, "rot") : [];
  if (shown.reduce((sum, one) => sum + [...one].length, 0) > MOST_DISCLOSED) refuse(shape.code);
  const entry = readEntry(e);
  const statement = readStatement(s);
  const proof = await readAuthor(p);
  const disclosed = shown.map(readDisclosure);
  const c = await commit(nonce, e);
  return { e, s, p, c, shown, caseKey, evidence, rot, entry, statement, proof, disclosed };
}

/** Take a receipt apart, strictly. Nothing in it is known to be true yet. */
export async function readReceipt(raw) {
  const { extra, index, hashes, checkpoint } = readProof(raw);
  const note = parseNote(checkpoint);
  const stated = parseCheckpoint(note.text);
  const shape = Shape.parse(extra ?? new Uint8Array(), "receipt-malformed", LONGEST_RECEIPT);
  const content = shape.given.has("leaf") ? readPublic(shape) : await readSealed(shape);
  return { index, hashes, note, stated, content };
}

async function fields({ content }) {
  if (content.clear) return;
  const digests = await Promise.all(content.shown.map(digest));
  if (new Set(digests).size !== digests.length) refuse("field-twice");
  const signed = content.statement.fields;
  if (!digests.every((one) => signed.includes(one))) refuse("field-foreign");
}

async function chain(look) {
  const { content, stated } = look;
  if (content.entry.log !== stated.origin) refuse("log-mismatch");
  if (content.clear) return;
  const { entry, statement } = content;
  if (!same(await sha256(content.s), entry.stmt)) refuse("statement-altered");
  if (!same(await sha256(content.p), entry.proof)) refuse("proof-altered");
  const alike = statement.log === entry.log && statement.kind === entry.kind;
  const both = (name) => statement[name] !== null && same(statement[name], entry[name]);
  if (!alike || !both("chain") || !both("kc")) refuse("chain-mismatch");
  if (content.proof.key !== entry.key) refuse("key-mismatch");
  for (const key of [look.caseKey, content.caseKey]) {
    if (key && !same(await keyCommitment(key), entry.kc)) refuse("case-key");
  }
}

async function author(look) {
  const { content, stated, pins } = look;
  if (content.clear) {
    look.author = { how: content.entry.stmt ? "not-shown" : "node" };
    return;
  }
  const [host] = stated.origin.split("/");
  await checkAuthor(content.s, content.proof, pins.rp.size ? pins.rp : new Set([host]));
  await requireEvidence(content);
  look.author = known(content, pins);
}

async function requireEvidence({ evidence, proof }) {
  if (!evidence) return;
  const shown = await evidenceOf(evidence.salt, evidence.facts);
  if (!proof.evidence || !same(shown, proof.evidence)) refuse("evidence");
}

function known({ proof, entry }, pins) {
  const { channel, key } = proof;
  const own = pins.statements.findLast((vkey) => same(vkey.key, proof.pub));
  if (channel) {
    if (pins.statements.length && !own) refuse("attester-unknown");
    return { how: "attested", channel };
  }
  if (pins.authors.has(key)) return { how: "pinned", name: pins.authors.get(key) };
  return own ? { how: "own", name: own.name } : { how: "stated", role: entry.role, key };
}

async function leaf({ content, bundled, caseKey }) {
  if (content.clear) return content.data;
  const { c } = content;
  const key = caseKey ?? content.caseKey;
  if (key) return sealedLeaf(key, content.entry.seq, c);
  if (!bundled) refuse("case-key-missing");
  const held = readLeaf(bundled).c;
  return held && same(held, c) ? bundled : refuse("leaf-foreign");
}

async function inclusion(look) {
  const { index, hashes, stated } = look;
  const hashed = await leafHash(await leaf(look));
  await verifyInclusion(index, stated.size, hashed, hashes, stated.root);
}

async function log({ content, note, stated, policy }) {
  const rot = content.rot ?? [];
  const vkeys = rot.length ? await changed(rot, stated, policy) : policy.logs;
  await requireLog(note, stated.origin, vkeys);
}

// The keys that the log's own changes lead to; these stand in the receipt's checkpoint.
async function changed(rot, stated, policy) {
  if (rot.some(({ index }, at) => at > 0 && rot[at - 1].index >= index)) refuse("rotation");
  for (const one of rot) await requireIncluded(one, stated);
  return reached(policy.logs, stated.origin, rot.map((one) => one.leaf));
}

async function witnesses(look) {
  look.times = await seenBy(look.note, look.policy);
  if (!isMet(look.policy, look.times)) refuse(QUORUM);
}

async function report(look) {
  if (!look.level) refuse(NOT_CHECKED);
  look.notBefore = inOrder(await citedAt(look)).at(-1) ?? null;
  // 0 says nothing about time.
  look.notAfter = inOrder([...look.times.values()].filter(Boolean))[0] ?? null;
}

const inOrder = (times) => times.sort((one, other) => (one < other ? -1 : 1));

async function citedAt({ content, stated, policy, pins }) {
  const seen = content.statement?.seen;
  const times = [];
  for (const raw of seen ? pins.notes : []) {
    const note = parseNote(raw);
    const cited = parseCheckpoint(note.text);
    const fits = cited.origin === stated.origin && cited.size === seen.size;
    if (fits && same(cited.root, seen.root)) times.push(...(await seenBy(note, policy)).values());
  }
  return times;
}

/** Steps 2 to 9, by the name that their findings carry. */
const STEPS = { fields, chain, author, leaf, inclusion, log, witnesses, report };

/** Take the first step and these further ones; raise at the first that fails. */
export async function requireSteps(raw, policy, names) {
  const look = { ...(await readReceipt(raw)), policy, caseKey: null, bundled: null };
  for (const name of names) await STEPS[name](look);
  return look;
}

/** Take a step: its finding says whether it holds, or by which code it does not. */
export async function find(step, name, check) {
  try {
    await check();
    return { step, name, ok: true, code: "" };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return { step, name, ok: false, code: error.code };
  }
}

/** Return what stands behind a file, or null if something in it is wrong. */
export function levelOf(policy, findings) {
  const failed = findings.filter((one) => !one.ok).map((one) => one.code);
  if (failed.some((code) => code !== QUORUM)) return null;
  return failed.length || policy.quorum === NONE ? "received" : "witnessed";
}

/**
 * Check a receipt and return the nine findings.
 *
 * `pins` are what the reader knows from elsewhere: `statements` (vkeys), `authors` (names
 * by key id), `rp` (hosts whose passkeys count), `notes` (checkpoints that were kept).
 * Without a case key, in the receipt or given, `bundled` must be the leaf's data.
 */
export async function verify(raw, policy, pins, { caseKey = null, bundled = null } = {}) {
  const look = {
    policy, pins, caseKey, bundled, level: null, author: null,
    times: new Map(), notBefore: null, notAfter: null,
  };
  const form = async () => Object.assign(look, await readReceipt(raw));
  const findings = [await find(1, "form", form)];
  for (const [name, step] of Object.entries(STEPS)) {
    if (name === "report") look.level = levelOf(policy, findings);
    const check = look.content ? () => step(look) : () => refuse(NOT_CHECKED);
    findings.push(await find(findings.length + 1, name, check));
  }
  const valid = findings.every((one) => one.ok);
  return { findings, valid, level: look.level, ...(look.content ? told(look) : {}) };
}

function told(look) {
  const { content, stated, index, notBefore, notAfter, times } = look;
  const { kind, seq, at } = content.entry;
  const facts = { log: stated.origin, size: stated.size, index, kind, seq, at };
  const seen = { author: look.author, witnesses: times.size, notBefore, notAfter };
  if (content.clear) return { ...facts, ...seen, clear: true, disclosed: [] };
  const { disclosed, entry, statement, c, caseKey } = content;
  return {
    ...facts,
    ...seen,
    clear: false,
    role: entry.role,
    c,
    ts: statement.ts,
    apart: Math.abs(at - statement.ts) > APART,
    chained: Boolean(look.caseKey ?? caseKey),
    signed: statement.fields.length,
    disclosed,
  };
}
