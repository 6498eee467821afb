// The page of the verifier: reads what was chosen and pasted, lets it be checked, and has
// said what was found. Nothing is sent anywhere.

import { LONGEST_ARCHIVE, openArchive } from "./archive.js";
import { Invalid, latin1, unb64u, utf8 } from "./bytes.js";
import { caseTold } from "./casewords.js";
import { Absent, Copy, LONGEST_BUNDLE, beginningOf } from "./copy.js";
import { LONGEST_FRAUD, judge } from "./fraud.js";
import { fraudTold } from "./fraudwords.js";
import { canVerify, parseVkey } from "./keys.js";
import { LONGEST_NOTE, parseCheckpoint, parseNote } from "./note.js";
import { parsePolicy } from "./policy.js";
import { LONGEST_RECEIPT, leafFor, unbundle } from "./proof.js";
import { readReceipt, verify } from "./receipt.js";
import { receiptTold, receiptsTold } from "./receiptwords.js";
import { verifyThread } from "./thread.js";
import { show } from "./words.js";

const field = (name) => document.getElementById(`v-${name}`);
const typed = (name) => field(name).value.trim();
const rows = (name) => typed(name).split(/\s*\n\s*/).filter(Boolean);
const part = (name) => document.querySelector(`[data-${name}]`);

/** What stands in a field is not what it asks for. */
class Unfit extends Error {
  constructor(name) {
    super(name);
    this.field = name;
  }
}

// Read a field, or say which one it was.
async function from(name, read) {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Invalid || error instanceof Absent ? new Unfit(name) : error;
  }
}

const [RECEIPT_FILE, CASE_FILE, FRAUD_FILE] = [LONGEST_RECEIPT, LONGEST_ARCHIVE, LONGEST_FRAUD];

// What a file is, by how it begins; never more of it is read than such a one may have.
function sortOf(first) {
  const text = latin1(first);
  if (text.startsWith("PK")) return CASE_FILE;
  return text.startsWith("{") ? FRAUD_FILE : RECEIPT_FILE;
}

async function given() {
  const [file] = field("file").files;
  if (file) {
    const most = sortOf(await beginningOf(file, 1));
    return { most, raw: await beginningOf(file, most) };
  }
  const text = field("text").value;
  if (!text.trim()) throw new Unfit("file");
  const most = sortOf(utf8(text.slice(0, 2)));
  // Copying loses the last line's end, which a receipt has and a fraud proof has not.
  if (most === FRAUD_FILE) return { most, raw: utf8(text.trimEnd()) };
  return { most, raw: utf8(text.endsWith("\n") ? text : `${text}\n`) };
}

async function entries() {
  const [file] = field("bundle").files;
  return file ? unbundle(await beginningOf(file, LONGEST_BUNDLE)) : [];
}

function person(row) {
  const at = row.indexOf("=");
  return at < 0 ? [row, row] : [row.slice(0, at), row.slice(at + 1) || row.slice(0, at)];
}

async function asked() {
  const vkeys = () => Promise.all(rows("statements").map((one) => parseVkey(latin1(utf8(one)))));
  const kept = (file) => beginningOf(file, LONGEST_NOTE);
  return {
    ...(await given()),
    caseKey: await from("key", () => (typed("key") ? unb64u(typed("key"), 32) : null)),
    policy: await from("policy", () => parsePolicy(utf8(field("policy").value))),
    leaves: await from("bundle", entries),
    pins: {
      statements: await from("statements", vkeys),
      authors: new Map(rows("authors").map(person)),
      rp: new Set(rows("hosts")),
      notes: await Promise.all(Array.from(field("notes").files, kept)),
    },
  };
}

async function receiptFound(raw, { policy, pins, caseKey, leaves }) {
  return verify(raw, policy, pins, { caseKey, bundled: leafFor(raw, leaves) });
}

// The case key is in the receipts, unless they were meant for others.
async function keyAmong(receipts) {
  for (const raw of receipts) {
    const { content } = await readReceipt(raw).catch(refused);
    if (content?.caseKey) return content.caseKey;
  }
  throw new Unfit("key");
}

function refused(error) {
  if (error instanceof Invalid) return { code: error.code };
  throw error;
}

function erased() {
  const numbers = typed("erased").split(/[\s,]+/).filter(Boolean);
  if (!numbers.every((one) => /^[0-9]{1,15}$/.test(one))) throw new Unfit("erased");
  return numbers.map(Number);
}

/** Where else a copy may come from: functions that return one, or null. */
export const elsewhere = [];

function copyGiven() {
  const { files } = field("copy");
  if (files.length) return new Copy(files);
  return elsewhere.map((made) => made()).find(Boolean) ?? null;
}

async function caseFound(it) {
  const saved = await openArchive(it.raw).catch(refused);
  if (saved.code) {
    const finding = { step: 1, ok: false, code: saved.code };
    return caseTold({ valid: false, level: null, findings: [finding] });
  }
  const copy = copyGiven();
  if (!copy) {
    const found = [];
    for (const [name, raw] of saved.receipts) found.push([name, await receiptFound(raw, it)]);
    return receiptsTold(found);
  }
  const receipts = saved.receipts.map(([, raw]) => raw);
  const checkpoint = await from("copy", () => copy.checkpoint(LONGEST_NOTE));
  const sized = () => parseCheckpoint(parseNote(checkpoint).text).size;
  const held = {
    receipts, checkpoint, head: saved.head,
    erased: [...new Set([...saved.erased, ...erased()])],
    caseKey: it.caseKey ?? (await keyAmong(receipts)),
  };
  const leaves = copy.leaves(await from("copy", sized));
  const verdict = await from("copy", () => verifyThread(held, leaves, it.policy, it.pins));
  return caseTold({ ...verdict, headed: held.head !== null });
}

/** What is done with each sort of file. */
const CHECKS = new Map([
  [RECEIPT_FILE, async (it) => receiptTold(await receiptFound(it.raw, it))],
  [CASE_FILE, caseFound],
  [FRAUD_FILE, async (it) => fraudTold(await judge(it.raw, it.policy, it.pins))],
]);

function complain(name) {
  for (const error of document.querySelectorAll(".error[id^='v-']")) {
    const wrong = error.id === `v-${name}-error`;
    const control = document.getElementById(error.id.replace("-error", ""));
    const hint = error.id.replace("-error", "-hint");
    error.hidden = !wrong;
    control.setAttribute("aria-describedby", wrong ? `${hint} ${error.id}` : hint);
    control.ariaInvalid = wrong ? "true" : null;
  }
  const control = name && field(name);
  control?.closest("details")?.setAttribute("open", "");
  control?.focus();
}

async function check() {
  part("result").hidden = true;
  part("broken").hidden = true;
  complain(null);
  try {
    const it = await asked();
    show(await CHECKS.get(it.most)(it), part("result"));
    part("result").hidden = false;
    document.getElementById("v-result").focus();
  } catch (error) {
    if (error instanceof Unfit) complain(error.field);
    else part("broken").hidden = false;
  }
}

// Without this script the page has none of it, and offers what the server can do.
part("verifier").replaceWith(part("verifier").content);
part("check").addEventListener("click", check);
canVerify().then((able) => {
  part("unable").hidden = able;
});
