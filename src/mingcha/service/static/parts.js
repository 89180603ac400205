/* Sends the files of a form in parts before the form itself, and goes on where it stopped: <form data-parts="ADDRESS OF upload-begin">
   (templates/uploading/attributes.html). With data-parts-small="BYTES" smaller files go with the form; a field with data-whole always does.
   In a form that costs proof of work (work.js, loaded before) the first upload uses its nonce up, and pays for the form.
   Without this script, or where the browser offers no SHA-256 (plain http on another machine), the form sends its files itself. */
"use strict";
(() => {
  const KEPT = "mingcha-parts:";
  const PART = 4 << 20;
  const TRIES = 5;

  class Problem extends Error {}

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function asked(form, address, options) {
    const headers = { "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value, ...(options.headers || {}) };
    const answer = await fetch(address, { credentials: "same-origin", ...options, headers });
    let body = {};
    try { body = await answer.json(); } catch { body = {}; }
    return { ok: answer.ok, status: answer.status, body };
  }

  /* Once more, later and later, while the line or the server is down; a full disk (507) is no matter of waiting. */
  async function patiently(deed) {
    for (let turn = 0; ; turn += 1) {
      try {
        const answer = await deed();
        if (answer.status < 500 || answer.status === 507 || turn >= TRIES) return answer;
      } catch (problem) {
        if (turn >= TRIES) throw problem;
      }
      await new Promise((done) => { setTimeout(done, 500 * 2 ** turn); });
    }
  }

  function told(answer) {
    return new Problem(answer.body.problem || String(answer.status));
  }

  /* The upload of this very file that was begun before, or a new one: its key, and the byte to go on at. */
  async function begun(form, base, file, name) {
    const known = localStorage.getItem(name);
    if (known !== null) {
      const state = await patiently(() => asked(form, `${base}${known}/status`, {}));
      if (state.ok && state.body.size === file.size) return { key: known, at: state.body.received };
    }
    const about = new URLSearchParams({ name: file.name, size: String(file.size) });
    for (const field of ["work_challenge", "work_nonce"]) {
      const item = form.elements.namedItem(field);
      if (item !== null) about.set(field, item.value);
    }
    const made = await patiently(() => asked(form, `${base}begin`, { method: "POST", body: about }));
    if (!made.ok) throw told(made);
    localStorage.setItem(name, made.body.id);
    return { key: made.body.id, at: 0 };
  }

  async function put(form, base, key, file, at) {
    const part = await file.slice(at, at + PART).arrayBuffer();
    const digest = hex(await crypto.subtle.digest("SHA-256", part));
    const headers = { "Upload-Offset": String(at), "Upload-Sha256": digest, "Content-Type": "application/octet-stream" };
    return patiently(() => asked(form, `${base}${key}/put`, { method: "PUT", body: part, headers }));
  }

  async function sent(form, file, bar) {
    const base = form.dataset.parts.replace(/begin$/, "");
    const name = KEPT + [file.name, file.size, file.lastModified].join(":");
    const { key, at: first } = await begun(form, base, file, name);
    let wrong = 0;
    bar.max = file.size;
    for (let at = first; at < file.size;) {
      bar.value = at;
      const answer = await put(form, base, key, file, at);
      if (answer.ok) {
        at = answer.body.received;
      } else if (wrong < TRIES && (Number.isInteger(answer.body.expected) || answer.body.code === "chunk-hash")) {
        wrong += 1; /* somebody else put a part, or this one was damaged on its way */
        at = answer.body.expected ?? at;
      } else {
        localStorage.removeItem(name);
        throw told(answer);
      }
    }
    const done = await patiently(() => asked(form, `${base}${key}/finish`, { method: "POST" }));
    localStorage.removeItem(name);
    if (!done.ok) throw told(done);
    return key;
  }

  function attend(form) {
    const status = form.querySelector("[data-parts-status]");
    const small = Number(form.dataset.partsSmall ?? -1);
    const say = (text) => { if (status !== null) status.textContent = text || ""; };
    const large = (one) => one.files.length === 1 && one.files[0].size > small && !one.disabled;
    let ready = false;
    let busy = false;
    form.addEventListener("submit", async (event) => {
      const inputs = Array.from(form.querySelectorAll("input[type=file]:not([data-whole])")).filter(large);
      if (ready || inputs.length === 0 || event.defaultPrevented) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      const button = event.submitter;
      const bar = document.createElement("progress");
      bar.setAttribute("aria-label", form.dataset.partsWaiting || "");
      say(form.dataset.partsWaiting);
      if (status !== null) status.after(bar);
      if (button !== null) button.disabled = true;
      try {
        for (const input of inputs) {
          const field = document.createElement("input");
          field.type = "hidden";
          field.name = `${input.name}_upload`;
          field.value = await sent(form, input.files[0], bar);
          form.append(field);
          input.disabled = true;
        }
        ready = true;
        if (button !== null) button.disabled = false;
        form.requestSubmit(button);
      } catch (problem) {
        busy = false;
        if (button !== null) button.disabled = false;
        bar.remove();
        say(problem instanceof Problem ? problem.message : form.dataset.partsBroken);
      }
    });
  }

  if (window.crypto && window.crypto.subtle) document.querySelectorAll("form[data-parts]").forEach(attend);
})();
