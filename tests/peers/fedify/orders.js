// What a test can tell the peer to do.
import {
  fulfillAcceptSignature,
  parseAcceptSignature,
  signRequest,
  verifyObject,
} from "@fedify/fedify";
import { Activity, Note } from "@fedify/vocab";
import { NAME, makeKeys } from "./peer.js";

const TYPE = "application/activity+json";

export const orders = {
  ready: () => true,

  /** Behave in another way from now on, and forget how others sign. */
  become: (here, mode) => here.become(mode),

  /** Sign for everybody in one profile first, and else be as before. */
  knockWith: (here, { profile }) => here.become({ ...here.mode, firstKnock: spec(profile) }),

  /** What came and left so far. */
  seen: ({ arrived, heard, sent }) => ({ arrived, heard, sent }),

  /** Look somebody up by their address, as a person typing it would. */
  async look(here, { account }) {
    const found = await here.context().lookupObject(account);
    return found && (await found.toJsonLd());
  },

  /** Send an activity the way Fedify does: proven, signed, and knocking twice. */
  async tell(here, { activity, to }) {
    const ctx = here.context();
    const said = await Activity.fromJsonLd(activity, ctx);
    if (activity.object.type === "Note") {
      const note = await Note.fromJsonLd({ ...activity.object, "@context": activity["@context"] });
      here.notes.set(note.id.pathname.split("/").pop(), note);
    }
    await ctx.sendActivity({ identifier: NAME }, await ctx.lookupObject(to), said);
  },

  /** Sign a body by hand and send it; then again as the answer asks, if it asks. */
  async knock(here, { body, inbox, profile, components, stranger }) {
    const narrow = components && { components: components.map(plain) };
    const post = () => new Request(inbox, { method: "POST", headers: { "Content-Type": TYPE }, body });
    const [{ privateKey: key }] = stranger ? await makeKeys() : here.keys;
    const id = new URL(`${here.origin}/users/${NAME}#main-key`);
    const sign = (rfc9421) => signRequest(post(), key, id, { spec: spec(profile), rfc9421 });
    const first = await fetch(await sign(narrow));
    const [asked] = parseAcceptSignature(first.headers.get("accept-signature") ?? "");
    if (!asked) return [first.status];
    const wanted = fulfillAcceptSignature(asked, id.href, "rsa-v1_5-sha256");
    // Fedify 2.3.6 adds the digest unasked, and would sign it twice when it is asked for.
    wanted.components = wanted.components.filter(({ value }) => value !== "content-digest");
    return [first.status, (await fetch(await sign(wanted))).status];
  },

  /** Say whether the proof in a document holds. */
  async proven(here, { document }) {
    return (await verifyObject(Activity, document, here.context())) !== null;
  },
};

function spec(profile) {
  return profile === "cavage" ? "draft-cavage-http-signatures-12" : profile;
}

function plain(value) {
  return { value, params: {} };
}
