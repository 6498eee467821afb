// What a fraud proof shows, in sentences.

import { say, stepLine } from "./words.js";

/** Say what a verdict on a fraud proof means. */
export function fraudTold({ holds, code, kind, log, facts }) {
  const unable = code === "unsupported";
  if (!holds) {
    const step = stepLine({ step: 1, ok: false, code }, "code");
    const names = unable ? ["unable", "unable-more"] : ["fraud-fails", "fraud-fails-more"];
    return { banner: ["", ...names.map((name) => say(name))], steps: [step] };
  }
  return {
    banner: ["danger", say("fraud-holds"), say("fraud-holds-more")],
    steps: [stepLine({ step: 1, ok: true, code: "" }, "fraud.step")],
    proven: [say(`fraud.${kind}`, { log, ...facts })],
    open: [say("fraud-why")],
    says: [],
  };
}
