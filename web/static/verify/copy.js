// A copy of a log's public files, in a folder of the reader's: its checkpoint, and its
// entries one after the other.

import { partsOf } from "./archive.js";
import { join, refuse } from "./bytes.js";
import { FULL, unbundle } from "./proof.js";

/** 256 leaves of two bytes and up to 64 KiB each. */
export const LONGEST_BUNDLE = FULL * (2 + 2 ** 16 - 1);
const CHECKPOINT = "checkpoint";

/** A file is not in the folder; the reader may have chosen another. */
export class Absent extends Error {}

/** Return the first bytes of a file: one more than it may have shows that it is too long. */
export const beginningOf = async (file, most) =>
  new Uint8Array(await file.slice(0, most + 1).arrayBuffer());

/** Return where the bundle of this number lies, as C2SP tlog-tiles has it. */
export function bundlePath(n) {
  const groups = [String(n % 1000).padStart(3, "0")];
  for (let rest = Math.floor(n / 1000); rest; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  return `tile/entries/${groups.join("/")}`;
}

/** Read a stream up to one byte more than it may have. */
export async function streamed(stream, most) {
  const parts = [];
  let length = 0;
  for await (const part of partsOf(stream)) {
    parts.push(part);
    length += part.length;
    if (length > most) break;
  }
  return join(...parts);
}

/** The files that somebody chose as a folder, by where they lie beside the checkpoint. */
export class Copy {
  constructor(files = []) {
    const all = Array.from(files, (file) => [file.webkitRelativePath, file]);
    const ends = (path) => path === CHECKPOINT || path.endsWith(`/${CHECKPOINT}`);
    const found = all.map(([path]) => path).filter(ends);
    const [nearest = CHECKPOINT] = found.sort((one, other) => one.length - other.length);
    const prefix = nearest.slice(0, -CHECKPOINT.length);
    const inside = all.filter(([path]) => path.startsWith(prefix));
    this.files = new Map(inside.map(([path, file]) => [path.slice(prefix.length), file]));
  }

  has(path) {
    return this.files.has(path);
  }

  async read(path, most) {
    const file = this.files.get(path);
    if (!file) throw new Absent(path);
    return beginningOf(file, most);
  }

  checkpoint(most) {
    return this.read(CHECKPOINT, most);
  }

  /** Read all leaves of a size, in order; a full bundle serves an older size as well. */
  async *leaves(size) {
    for (let n = 0; BigInt(n * FULL) < size; n += 1) {
      const left = size - BigInt(n * FULL);
      const width = left < BigInt(FULL) ? Number(left) : FULL;
      const [whole, partial] = [bundlePath(n), `${bundlePath(n)}.p/${width}`];
      const path = width < FULL && this.has(partial) ? partial : whole;
      const raw = await this.read(path, LONGEST_BUNDLE);
      if (raw.length > LONGEST_BUNDLE) refuse("bundle");
      yield* unbundle(raw).slice(0, width);
    }
  }
}
