// Another make of server: what Fedify needs to be told to be one.
//
// Nothing here knows of Folkmoot. What differs between tests is a mode.
import { createFederation, MemoryKvStore } from "@fedify/fedify";
import { Accept, Activity, Create, Endpoints, Follow, Note, Person, Update } from "@fedify/vocab";

/** Who lives here. */
export const NAME = "cleo";

/** How the peer behaves until a test wants another behaviour. */
export const USUAL = {
  firstKnock: "rfc9421", // how it signs for a stranger
  refuse: "", // a profile it answers with 401
  nonce: "", // what a signature must repeat to be let in
  signedGet: false, // whether its actor is served to signed requests only
};

/** Make keys that last as long as this process. */
export async function makeKeys() {
  const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const uses = ["sign", "verify"];
  const exponent = new Uint8Array([1, 0, 1]);
  return [
    await crypto.subtle.generateKey({ ...rsa, publicExponent: exponent }, true, uses),
    await crypto.subtle.generateKey("Ed25519", true, uses),
  ];
}

/** Build the peer; it knows nobody, and what is said to it goes to `heard`. */
export function buildPeer({ origin, keys, mode, notes, heard }) {
  const federation = createFederation({
    kv: new MemoryKvStore(),
    allowPrivateAddress: true,
    firstKnock: mode.firstKnock,
    origin,
  });
  federation
    .setActorDispatcher("/users/{identifier}", (ctx, identifier) =>
      identifier === NAME ? person(ctx, identifier) : null,
    )
    .setKeyPairsDispatcher((_ctx, identifier) => (identifier === NAME ? keys : []))
    .authorize(async (ctx) => !mode.signedGet || (await ctx.getSignedKey()) !== null);
  federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => notes.get(id) ?? null);
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: NAME }))
    .on(Follow, async (ctx, follow) => {
      heard(await understood(ctx, follow));
      // As with a queue: whoever asked to follow does not wait for the answer.
      await agree(ctx, follow).catch(console.error);
    })
    .on(Activity, async (ctx, activity) => heard(await understood(ctx, activity)));
  return federation;
}

async function person(ctx, identifier) {
  const keys = await ctx.getActorKeyPairs(identifier);
  return new Person({
    id: ctx.getActorUri(identifier),
    preferredUsername: identifier,
    name: "Cleo",
    inbox: ctx.getInboxUri(identifier),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: keys[0].cryptographicKey,
    assertionMethods: keys.map((key) => key.multikey),
  });
}

/** Answer a follow as Fedify's own manual shows it. */
async function agree(ctx, follow) {
  const follower = await follow.getActor(ctx);
  const yes = new Accept({
    id: new URL(`/activities/${crypto.randomUUID()}`, ctx.origin),
    actor: follow.objectId,
    to: follow.actorId,
    object: follow,
  });
  await ctx.sendActivity({ identifier: NAME }, follower, yes);
}

/** Say what Fedify made of an activity: its own classes, not our JSON. */
async function understood(ctx, activity) {
  const carries = activity instanceof Create || activity instanceof Update;
  const object = carries ? await activity.getObject(ctx) : null;
  return {
    id: activity.id.href,
    type: activity.constructor.name,
    actor: activity.actorId?.href,
    objectId: activity.objectId?.href,
    objectType: object?.constructor.name ?? null,
    name: object?.name?.toString() ?? null,
    content: object?.content?.toString() ?? null,
  };
}
