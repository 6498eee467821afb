// Forms whose words are signed on this device before they are sent. Whatever goes wrong
// here, the words are sent all the same: then the node writes down that it had them.

const PATIENCE = 3000;

const able = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

// A form sends line breaks like this, so this is how they are signed.
const asSent = (text) => text.replaceAll(/\r\n?|\n/g, "\r\n");

function fieldsOf(form, asked) {
  const typed = Object.entries(asked.from ?? {}).map(([name, control]) => [
    name,
    form.elements[control].value,
  ]);
  const all = [...Object.entries(asked.fields), ...typed];
  return Object.fromEntries(all.map(([name, text]) => [name, asSent(text)]));
}

function within(work) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
  return Promise.race([work, late]);
}

function put(form, sent) {
  for (const [name, value] of Object.entries(sent)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    input.dataset.signed = "";
    form.append(input);
  }
}

async function sign(form, asked) {
  for (const input of form.querySelectorAll("[data-signed]")) input.remove();
  const passkey = form.querySelector("[data-passkey] input")?.checked ?? false;
  try {
    const device = import("./statement.js");
    const work = device.then((it) => it.signed(asked, fieldsOf(form, asked), passkey));
    put(form, await (passkey ? work : within(work)));
  } catch (error) {
    // Who wanted a passkey and has not used it decides again.
    if (passkey) throw error;
  }
}

function ready(form) {
  const asked = JSON.parse(form.dataset.sign);
  const failed = form.querySelector("[data-failed]");
  let busy = false;
  for (const one of form.querySelectorAll("[data-here]")) one.hidden = false;
  for (const one of form.querySelectorAll("[data-not-here]")) one.hidden = true;
  const choice = form.querySelector("[data-passkey]");
  const fits = globalThis.PublicKeyCredential && location.origin === `https://${asked.rp}`;
  if (choice && fits && asked.passkeys.length) choice.hidden = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return; // back, or later
    event.preventDefault();
    if (busy) return;
    busy = true;
    failed.hidden = true;
    sign(form, asked)
      .then(() => {
        form.submit();
        setTimeout(() => {
          busy = false; // it never left, or somebody came back
        }, PATIENCE);
      })
      .catch(() => {
        busy = false;
        failed.hidden = false;
        failed.focus();
      });
  });
}

if (able()) {
  for (const form of document.querySelectorAll("form[data-sign]")) ready(form);
}
