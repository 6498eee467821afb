// Checks receipts in the page with the modules that the page has, and answers in the
// shape of `python -m ledger verify --json`.
async ({ place, asked, files }) => {
  // All parts are one in the file that people keep.
  const one = place.startsWith("blob:");
  const from = (name) => import(one ? place : `${place}/${name}.js`);
  const { unb64, unb64u, b64u, latin1, utf8 } = await from("bytes");
  const { canonical } = await from("json");
  const { parseVkey } = await from("keys");
  const { parsePolicy } = await from("policy");
  const { leafFor, unbundle } = await from("proof");
  const { verify } = await from("receipt");
  const AUTHORS = {
    attested: (it) => `node-attested, channel ${it.channel}`,
    pinned: (it) => `${it.name}, pinned`,
    own: (it) => `the node, ${it.name}`,
    stated: (it) => `stated by the node to be ${ARTICLES[it.role] ?? "a"} ${it.role}`,
    node: () => "the node",
    "not-shown": () => "not shown",
  };
  const ARTICLES = { advocate: "an", node: "the" };
  const count = (value) => (value === undefined || value === null ? null : String(value));
  const refused = (error) => ({ refused: error.code ?? String(error) });

  async function facts(raw, policy, pins, keys) {
    const it = await verify(raw, policy, pins, keys);
    const { findings, valid, level } = it;
    return {
      valid, level, findings,
      author: it.author ? AUTHORS[it.author.how](it.author) : "",
      log: it.log ?? "", kind: it.kind ?? "", role: it.role ?? "",
      index: count(it.index), seq: count(it.seq), at: count(it.at), ts: count(it.ts),
      not_before: count(it.notBefore), not_after: count(it.notAfter),
      c: it.c ? b64u(it.c) : null,
      disclosed: (it.disclosed ?? []).map(([name, value]) => [name, latin1(canonical(value))]),
    };
  }

  try {
    const policy = await parsePolicy(unb64(asked.policy));
    const pins = {
      statements: await Promise.all(asked.statements.map((one) => parseVkey(latin1(utf8(one))))),
      authors: new Map(asked.authors),
      rp: new Set(asked.hosts),
      notes: asked.notes.map(unb64),
    };
    const caseKey = asked.case_key && unb64u(asked.case_key, 32);
    const leaves = asked.bundle === null ? [] : unbundle(unb64(asked.bundle));
    const found = [];
    for (const file of files) {
      const raw = unb64(file);
      found.push(await facts(raw, policy, pins, { caseKey, bundled: leafFor(raw, leaves) }));
    }
    return found;
  } catch (error) {
    return refused(error);
  }
}
