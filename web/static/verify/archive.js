// The archive of a case (ZIP): its receipts, the note on the chain's head, and the numbers
// of erased entries. What is read, and what is refused, is as in `ledger/archive` in Python.

import { latin1, number, refuse, unutf8 } from "./bytes.js";
import { LONGEST_RECEIPT } from "./proof.js";

/** The most bytes that an archive, and all that is read from it, may have. */
export const LONGEST_ARCHIVE = 64 * 1024 * 1024;
const HEAD_NAME = "head";
const ERASED_NAME = "erased";
const NOTES = [HEAD_NAME, ERASED_NAME];

const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const [STORED, DEFLATED] = [0, 8];
const ENCRYPTED = 1;

const damaged = () => refuse("archive");

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(raw) {
  let sum = ~0;
  for (const byte of raw) sum = (sum >>> 8) ^ CRC[(sum ^ byte) & 0xff];
  return ~sum >>> 0;
}

/** Numbers in a piece of bytes, the smallest digit first. */
class Fields {
  constructor(raw, at, size, mark) {
    this.view = new DataView(raw.buffer, raw.byteOffset + at, size);
    if (latin1(raw.slice(at, at + 4)) !== mark) damaged();
  }

  short(at) {
    return this.view.getUint16(at, true);
  }

  long(at) {
    return this.view.getUint32(at, true);
  }
}

// Read a line of the directory, and where the next one stands.
function fileAt(raw, place, end) {
  if (place + ENTRY_SIZE > end) damaged();
  const line = new Fields(raw, place, ENTRY_SIZE, "PK\x01\x02");
  const start = place + ENTRY_SIZE;
  const named = start + line.short(28);
  const following = named + line.short(30) + line.short(32);
  if (following > end) damaged();
  return {
    name: raw.slice(start, named), flags: line.short(8), method: line.short(10),
    crc: line.long(16), packed: line.long(20), size: line.long(24), offset: line.long(42),
    following,
  };
}

function filesOf(raw) {
  const last = raw.length - END_SIZE;
  const end = new Fields(raw, last, END_SIZE, "PK\x05\x06");
  const [count, start] = [end.short(10), end.long(16)];
  const one = !end.short(4) && !end.short(6) && end.short(8) === count && !end.short(20);
  if (!one || start + end.long(12) !== last) damaged();
  return { count, start, last };
}

async function contentOf(raw, file, end) {
  if (file.size > LONGEST_RECEIPT || file.offset + LOCAL_SIZE > end) damaged();
  const local = new Fields(raw, file.offset, LOCAL_SIZE, "PK\x03\x04");
  const at = file.offset + LOCAL_SIZE;
  const name = raw.slice(at, at + local.short(26));
  const start = at + local.short(26) + local.short(28);
  const alike = latin1(name) === latin1(file.name) && local.short(8) === file.method;
  if (!alike || start + file.packed > end || file.flags & ENCRYPTED) damaged();
  const content = await unpacked(raw.slice(start, start + file.packed), file);
  return content.length === file.size && crc32(content) === file.crc ? content : damaged();
}

async function unpacked(data, { method, size }) {
  if (method === STORED) return data;
  if (method !== DEFLATED) damaged();
  const machine = new DecompressionStream("deflate-raw");
  const content = new Uint8Array(size);
  let at = 0;
  try {
    for await (const part of partsOf(new Blob([data]).stream().pipeThrough(machine))) {
      if (at + part.length > size) damaged();
      content.set(part, at);
      at += part.length;
    }
  } catch {
    damaged();
  }
  return content.slice(0, at);
}

// Not every browser can iterate over a stream.
export async function* partsOf(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/** Read the file that names the entries that were erased, in rising order. */
export function erasedIn(raw) {
  const lines = latin1(raw).split("\n");
  if (lines.pop() !== "") damaged();
  let found = [];
  try {
    found = lines.map(number);
  } catch {
    damaged();
  }
  const numbers = found.map(Number);
  const rising = numbers.every((one, at) => at === 0 || numbers[at - 1] < one);
  return rising && numbers.every(Number.isSafeInteger) ? numbers : damaged();
}

/** Return an archive's receipts by name, its head note or null, and what was erased. */
export async function openArchive(raw) {
  const files = await readArchive(raw);
  const receipts = [...files].filter(([name]) => !NOTES.includes(name));
  const erased = files.has(ERASED_NAME) ? erasedIn(files.get(ERASED_NAME)) : [];
  return { receipts, head: files.get(HEAD_NAME) ?? null, erased };
}

/** Return the receipts, the head note and what was erased, by name; no others. */
export async function readArchive(raw) {
  if (raw.length < END_SIZE || raw.length > LONGEST_ARCHIVE) damaged();
  const { count, start, last } = filesOf(raw);
  const found = new Map();
  let [place, room] = [start, LONGEST_ARCHIVE];
  for (let at = 0; at < count; at += 1) {
    const file = fileAt(raw, place, last);
    place = file.following;
    const coded = latin1(file.name);
    if (!NOTES.includes(coded) && !coded.endsWith(".tlog-proof")) continue;
    const name = unutf8(file.name, "archive");
    room -= file.size;
    if (found.has(name) || room < 0) damaged();
    found.set(name, await contentOf(raw, file, start));
  }
  return place === last ? found : damaged();
}
