// Judges fraud files, cases, archives and keys in the page, with the page's own modules,
// and answers in the shape of the Python ones.
async ({ place, asked, what, items }) => {
  // All parts are one in the file that people keep.
  const one = place.startsWith("blob:");
  const from = (name) => import(one ? place : `${place}/${name}.js`);
  const { unb64, unb64u, b64u, hex, latin1, utf8, sha256 } = await from("bytes");
  const { parseVkey } = await from("keys");
  const { parsePolicy } = await from("policy");
  const count = (value) => (value === undefined || value === null ? null : String(value));

  async function reader() {
    return {
      policy: await parsePolicy(unb64(asked.policy)),
      pins: {
        statements: await Promise.all(asked.statements.map((one) => parseVkey(latin1(utf8(one))))),
        authors: new Map(asked.authors),
        rp: new Set(asked.hosts),
        notes: asked.notes.map(unb64),
      },
    };
  }

  async function fraud(item) {
    const { judge } = await from("fraud");
    const { policy, pins } = await reader();
    const { holds, code, kind, log } = await judge(unb64(item), policy, pins);
    return { holds, code, kind, log };
  }

  async function thread(item) {
    const { verifyThread } = await from("thread");
    const { policy, pins } = await reader();
    const held = {
      receipts: item.receipts.map(unb64), checkpoint: unb64(item.checkpoint),
      caseKey: unb64(item.key), head: item.head === null ? null : unb64(item.head),
      erased: item.erased,
    };
    const it = await verifyThread(held, item.leaves.map(unb64), policy, pins);
    const { findings, valid, level, log, size, places, later } = it;
    const entries = places.map((one) => ({
      seq: one.seq, log: one.log, index: count(one.index), c: one.c && b64u(one.c),
      kind: one.verdict ? one.verdict.kind : null, at: count(one.at),
      not_before: count(one.notBefore), not_after: count(one.notAfter),
      tombstone: count(one.tombstone),
    }));
    return { findings, valid, level, log, size: count(size), later, entries };
  }

  async function archive(item) {
    const { openArchive } = await from("archive");
    const { receipts, head, erased } = await openArchive(unb64(item));
    const found = [];
    for (const [name, raw] of receipts) found.push([name, hex(await sha256(raw))]);
    return { receipts: found, head: head && hex(await sha256(head)), erased };
  }

  async function strong(item) {
    const { isStrong } = await from("curve");
    return isStrong(unb64u(item));
  }

  async function consistency([m, n, path]) {
    const { foldConsistency } = await from("tree");
    const [older, newer] = await foldConsistency(BigInt(m), BigInt(n), path.map(unb64));
    return [hex(older), hex(newer)];
  }

  const vkeyOf = (text) => parseVkey(latin1(utf8(text)));

  async function note([raw, vkey]) {
    const { parseNote } = await from("note");
    const { signersOf } = await from("head");
    const signers = await signersOf(parseNote(unb64(raw)), [await vkeyOf(vkey)]);
    return [...new Set(signers.map((one) => one.text))];
  }

  async function cosignature([raw, text]) {
    const { cosigned, isBy, parseNote } = await from("note");
    const [found, vkey] = [parseNote(unb64(raw)), await vkeyOf(text)];
    const lines = found.lines.filter((line) => isBy(line, vkey));
    return Promise.all(lines.map(async (line) => count(await cosigned(found.text, line, vkey))));
  }

  const judged = { fraud, thread, archive, strong, consistency, note, cosignature }[what];
  const found = [];
  for (const item of items) {
    try {
      found.push(await judged(item));
    } catch (error) {
      found.push(error.code ?? String(error));
    }
  }
  return found;
}
