/* Large files of a form, in parts: <form data-upload="ADDRESS" data-upload-large="MB" data-upload-going="…" data-upload-failed="…">
 * with <input type="file" name="package_file"> and <input type="hidden" name="upload">.
 *
 * Waits for work.js to find its nonce, which pays for the upload; sends parts with their place and hash, goes on where the server
 * is when the connection breaks, and then sends the form with the upload's identifier in place of the file. Without this script,
 * or without WebCrypto (plain http), the form sends the file itself. */
"use strict";

(() => {
  const TRIES = 5;
  const MB = 1 << 20;

  async function digest(part) {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const pause = (n) => new Promise((done) => setTimeout(done, 1000 * 2 ** n));

  async function answered(response) {
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(body.problem || response.statusText), { told: body.problem });
    return body;
  }

  function attend(form) {
    const input = form.elements.namedItem("package_file");
    const field = form.elements.namedItem("upload");
    const status = form.querySelector("[data-work-status]");
    const token = form.elements.namedItem("csrfmiddlewaretoken").value;
    const headers = { "X-CSRFToken": token };
    const base = form.dataset.upload;
    let begun = null; /* identifier and size of a part, so that pressing again goes on */
    let busy = false;
    const say = (text) => {
      if (status !== null) status.textContent = text;
    };

    async function begin(file) {
      const body = new FormData();
      body.set("name", file.name);
      body.set("size", String(file.size));
      for (const name of ["work_challenge", "work_nonce"]) body.set(name, form.elements.namedItem(name).value);
      return answered(await fetch(base, { method: "POST", headers, body }));
    }

    async function put(file, at, tries) {
      const part = file.slice(at, at + begun.chunk);
      const more = { "Upload-Offset": String(at), "Upload-Sha256": await digest(part), "Content-Type": "application/octet-stream" };
      try {
        const address = `${base}${begun.id}/`;
        return (await answered(await fetch(address, { method: "PUT", headers: { ...headers, ...more }, body: part }))).received;
      } catch (problem) {
        if (tries === 0 || problem.told) throw problem;
        await pause(TRIES - tries);
        return where(at, file, tries - 1);
      }
    }

    async function where(at, file, tries) {
      try {
        const { received } = await answered(await fetch(`${base}${begun.id}/`));
        return received > at ? received : put(file, received, tries);
      } catch (problem) {
        if (tries === 0 || problem.told) throw problem;
        await pause(TRIES - tries);
        return where(at, file, tries - 1);
      }
    }

    async function send(file) {
      if (begun === null || begun.file !== file) begun = { ...(await begin(file)), file };
      let at = (await answered(await fetch(`${base}${begun.id}/`))).received;
      while (at < file.size) {
        say(`${form.dataset.uploadGoing} ${Math.floor((100 * at) / file.size)} %`);
        at = await put(file, at, TRIES);
      }
      field.value = begun.id;
      input.value = "";
      input.disabled = true;
    }

    form.addEventListener("submit", (event) => {
      const file = input.files[0];
      if (event.defaultPrevented || field.value !== "" || file === undefined) return;
      if (file.size < Number(form.dataset.uploadLarge) * MB * 0.8 || !window.isSecureContext) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      send(file)
        .then(() => form.requestSubmit(event.submitter))
        .catch((problem) => say(problem.told || form.dataset.uploadFailed))
        .finally(() => {
          busy = false;
        });
    });
  }

  document.querySelectorAll("form[data-upload]").forEach(attend);
})();
