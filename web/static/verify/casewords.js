// What a whole case proves, and what it does not, in sentences.

import { wordsOf } from "./receiptwords.js";
import { BEYOND } from "./thread.js";
import { bannerOf, fact, moment, say, seal, second, stepLine, warned } from "./words.js";

const WHOLE_CASE = {
  holds: "whole-holds", fails: "whole-fails", failsMore: "whole-fails-more",
};

// Two steps hold in more than one way.
function holdingCase({ step }, { witnesses, headed }) {
  if (step === 5 && witnesses === 0) return "case.5.alone";
  return step === 8 && !headed ? "case.8.none" : `case.${step}`;
}

// Where an entry stands; of one that was erased in another ledger, only that.
function spot({ log, index, c }, own) {
  if (index === null) return say("case-other");
  return log === own ? seal(index, c) : `${seal(index, c)} ${say("case-in", { log })}`;
}

function placeSays(place, own) {
  const { seq, verdict, at, notAfter } = place;
  const name = say("case-entry", { number: seq });
  if (!verdict) return [fact(name, `${say("case-erased")} ${spot(place, own)}`)];
  const times = notAfter === null ? moment(at) : `${moment(at)} (${say("case-before", { time: second(notAfter) })})`;
  return [fact(name, `${verdict.kind}, ${times}, ${spot(place, own)}`), ...wordsOf(verdict)];
}

// Of a case that has gone on, what was saved of it holds, each entry by itself.
function grownTold({ log, places, later }, steps) {
  const count = later < BEYOND ? later : `${later}+`;
  return {
    banner: ["danger", say("grown"), say("grown-more", { count })],
    steps,
    proven: [say("each-proven", { count: places.filter((one) => one.verdict).length })],
    open: [warned("grown-open", say("grown-again")), say("truth")],
    says: places.flatMap((place) => placeSays(place, log)),
  };
}

/** Say what a verdict on a whole case means. */
export function caseTold(it) {
  const steps = it.findings.map((one) => stepLine(one, one.ok ? holdingCase(one, it) : "code"));
  if (it.later) return grownTold(it, steps);
  const banner = bannerOf(it, WHOLE_CASE);
  if (!it.level) return { banner, steps };
  const { log, size, places, witnesses } = it;
  const erased = places.filter((one) => !one.verdict);
  const unmarked = erased.filter((one) => one.tombstone === null);
  const away = places.filter((one) => one.log !== log).length;
  const facts = { log, size, count: places.length, here: places.length - away };
  return {
    banner,
    steps,
    proven: [
      say(away > 0 ? "case-parted" : "case-whole", facts),
      witnesses > 0 && say("witnesses", { count: witnesses }),
    ],
    open: [
      witnesses === 0 && warned("zero", say("alone")),
      away > 0 && say("case-away", { count: away }),
      unmarked.length > 0 && say("case-unmarked", { count: unmarked.length }),
      say("case-later"),
      say("truth"),
    ],
    says: places.flatMap((place) => placeSays(place, log)),
  };
}
