// What a receipt proves, and what it does not, in sentences.

import { bannerOf, fact, moment, say, seal, second, stepLine, warned } from "./words.js";

function authorProven({ author }) {
  if (author.how === "node") return say("clear-node");
  return ["pinned", "own", "stated"].includes(author.how) && say(author.how, author);
}

function authorOpen({ author: { how, role, channel } }) {
  if (how === "stated") return say("stated-open", { role: say(`role.${role}`) });
  if (how === "attested") {
    return warned("node-attested", say("attested", { channel: say(`channel.${channel}`) }));
  }
  return how === "not-shown" && say("clear-signed");
}

const provenBy = (it) => [
  say("in-log", it),
  it.chained && say("in-chain", { number: it.seq }),
  authorProven(it),
  it.witnesses > 0 && say("witnesses", { count: it.witnesses }),
  it.notAfter !== null && say("before", { time: second(it.notAfter) }),
  it.notBefore !== null && say("after", { time: second(it.notBefore) }),
];

const openIn = (it) => [
  it.witnesses === 0 && warned("zero", say("alone")),
  authorOpen(it),
  !it.clear && !it.chained && say("no-chain"),
  it.notAfter === null && it.notBefore === null && say("no-time"),
  it.apart && say("apart"),
  it.signed > it.disclosed.length && say("hidden", { count: it.signed - it.disclosed.length }),
  say("whole"),
  say("truth"),
];

// Maps are how JSON objects are read here.
const plain = (_, value) => (value instanceof Map ? Object.fromEntries(value) : value);
const valueOf = (value) => (typeof value === "string" ? value : JSON.stringify(value, plain));

/** Return the words of an entry, as facts. */
export const wordsOf = ({ disclosed }) =>
  disclosed.map(([name, value]) => fact(name, valueOf(value)));

const saysOf = (it) => [
  ...wordsOf(it),
  fact(say("said-kind"), it.kind),
  fact(say("said-at"), moment(it.at)),
  ...(it.clear ? [] : [fact(say("said-seal"), seal(it.index, it.c))]),
];

// Three steps hold in more than one way.
function holding({ step }, { author, clear, chained, witnesses }) {
  if (step === 4 && say(`step.4.${author.how}`)) return `step.4.${author.how}`;
  if (step === 5 && (clear || !chained)) return clear ? "step.5.clear" : "step.5.unchained";
  return step === 8 && witnesses === 0 ? "step.8.alone" : `step.${step}`;
}

const ONE_RECEIPT = { holds: "holds", fails: "fails", failsMore: "fails-more" };

/** Say what a verdict on a receipt means. */
export function receiptTold(it) {
  const steps = it.findings.map((one) => stepLine(one, one.ok ? holding(one, it) : "code"));
  const banner = bannerOf(it, ONE_RECEIPT);
  if (!it.level) return { banner, steps };
  return { banner, steps, proven: provenBy(it), open: openIn(it), says: saysOf(it) };
}

// The words of one entry of several, under its number.
const entrySays = ([, it]) => [
  fact(say("case-entry", { number: it.seq }), it.kind), ...wordsOf(it),
  fact(say("said-at"), moment(it.at)),
  !it.clear && fact(say("said-seal"), seal(it.index, it.c)),
].filter(Boolean);

/** Say which of the receipts in an archive hold, each by itself. */
export function receiptsTold(verdicts) {
  const failed = verdicts.find(([, one]) => !one.valid);
  const steps = verdicts.map(([name, { findings }], at) => {
    const first = findings.find((one) => !one.ok) ?? { ok: true, code: "" };
    return stepLine({ ...first, step: at + 1 }, "each", { first: name });
  });
  const none = { valid: false, level: null, findings: [] };
  const banner = bannerOf(failed?.[1] ?? verdicts[0]?.[1] ?? none, {
    holds: "each-holds", fails: "each-fails", failsMore: "each-fails-more",
  });
  const open = [warned("not-whole", say("not-whole-more")), say("truth")];
  const proven = [say("each-proven", { count: verdicts.length })];
  if (failed || !verdicts.length) return { banner, steps };
  const inOrder = [...verdicts].sort(([, one], [, other]) => one.seq - other.seq);
  return { banner, steps, proven, open, says: inOrder.flatMap(entrySays) };
}
