// Passkeys: a button asks the browser, its answer goes into the form as text. Without JavaScript,
// or in a browser that has none, the page says so and the button stays away.
(function () {
  "use strict";
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    [options.allowCredentials, options.excludeCredentials].forEach((list) => {
      (list || []).forEach((one) => { one.id = toBytes(one.id); });
    });
    return options;
  }

  function written(credential) {
    const response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((part) => {
      if (credential.response[part]) response[part] = toText(credential.response[part]);
    });
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  }

  async function ask(button) {
    const form = button.form;
    const answer = await fetch(button.dataset.challenge, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrf_token.value },
    });
    if (!answer.ok) throw new Error(answer.status);
    const publicKey = readable(await answer.json());
    form.elements.answer.value = written(await navigator.credentials[button.dataset.passkey]({ publicKey }));
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const form = button.form;
    const failed = form.querySelector("[data-passkey-failed]");
    form.querySelector("[data-passkey-none]").hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => {
      failed.hidden = true;
      button.disabled = true;
      ask(button).catch(() => { failed.hidden = false; }).finally(() => { button.disabled = false; });
    });
  });
})();
