// Where the entries of a case stand: in this log, or in another one of the same host,
// which was begun when the one before it could not be recovered. The rules are those of
// `ledger/receipt/places` and `ledger/origins` in Python.

import { b64u } from "./bytes.js";

const LOG_NAME = /^([^/]+\/ledger)(?:\/([2-9]|[1-9][0-9]{1,5}))?$/u;
/** On which side of this log another one was begun. */
const [EARLIER, HERE, LATER] = [-1, 0, 1];

function epochOf(origin) {
  const [whole, first, epoch] = LOG_NAME.exec(origin) ?? [];
  return whole === undefined ? null : { first, epoch: Number(epoch ?? 1) };
}

/** Say whether two names are of logs of one host. */
export function related(origin, other) {
  if (origin === other) return true;
  const [one, another] = [epochOf(origin), epochOf(other)];
  return one !== null && another !== null && one.first === another.first;
}

/** Say whether one of two related logs was begun after the other. */
export const isLater = (origin, other) => epochOf(origin).epoch > epochOf(other).epoch;

// The side of an erased entry that is not among the leaves.
function sideOf(seq, known, own) {
  if (own.length) {
    const later = seq > Math.max(...own) ? LATER : HERE;
    const side = seq < Math.min(...own) ? EARLIER : later;
    return [...known.values()].includes(side) ? side : HERE;
  }
  if ([...known].some(([one, side]) => side === EARLIER && one > seq)) return EARLIER;
  return known.size ? LATER : HERE;
}

/**
 * Return where each number stands: 0 in this log, -1 in an earlier, 1 in a later one.
 *
 * An erased entry that is not among the leaves stands in another log if one is shown on
 * its side; else it should be here. Of a log without any entry of the chain, both are.
 */
export function sidesOf({ stated: { origin }, shown, erased, found }) {
  const known = new Map(shown.map(({ seq }) => [seq, HERE]));
  for (const { seq, log } of shown) {
    if (log === origin || !related(origin, log)) continue;
    known.set(seq, isLater(log, origin) ? LATER : EARLIER);
  }
  const own = [...known.keys()].filter((seq) => known.get(seq) === HERE);
  own.push(...erased.filter((seq) => found.tags.has(seq)));
  const gone = erased.filter((seq) => !known.has(seq) && !own.includes(seq));
  const sides = new Map([...known, ...gone.map((seq) => [seq, sideOf(seq, known, own)])]);
  for (const seq of own) sides.set(seq, HERE);
  return sides;
}

/** Return erased entries that may as well stand in an earlier log as in a later one. */
export function unsureOf({ shown, erased, sides }) {
  if ([...sides.values()].includes(HERE)) return [];
  const later = shown.map(({ seq }) => seq).filter((seq) => sides.get(seq) === LATER);
  const before = (seq) => later.every((one) => seq < one);
  const away = [...sides].filter(([seq, side]) => side === LATER && erased.includes(seq));
  return away.map(([seq]) => seq).filter(before);
}

const UNSAID = { at: null, notBefore: null, notAfter: null, verdict: null };

/** Return where the entries stand, by their numbers; of erased ones, what is known. */
export function placesOf({ stated, shown, erased, found, sides }) {
  const gone = [...found.tags].filter(([seq]) => erased.includes(seq));
  const here = gone.map(([seq, [{ index, c }]]) => {
    const tombstone = found.tombstones.get(b64u(c)) ?? null;
    return { ...UNSAID, seq, log: stated.origin, index: BigInt(index), c, tombstone };
  });
  const prev = new Map(shown.map(({ seq, entry }) => [seq - 1, entry.prev]));
  const away = [...sides].filter(([seq, side]) => side !== HERE && erased.includes(seq));
  const elsewhere = away.map(([seq]) => {
    return { ...UNSAID, seq, log: "", index: null, c: prev.get(seq) ?? null, tombstone: null };
  });
  return [...shown, ...here, ...elsewhere].sort((one, other) => one.seq - other.seq);
}
