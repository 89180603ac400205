/* Proof of work for forms: <form data-work="CHALLENGE" data-work-waiting="…" data-work-done="…"> with
 * <input type="hidden" name="work_nonce"> and, if wanted, <output data-work-status>.
 *
 * The search begins when somebody first touches the form. A form that is sent before it ends waits for it. This file is
 * both the page's script and the worker's; where no worker can be made the page itself searches, a slice at a time.
 * SHA-256 is written out here: WebCrypto answers each of these short texts through a promise of its own, which is slower
 * many times over, and it is missing on plain http. */
"use strict";

(() => {
  const SLICE_MS = 25;

  /* --- SHA-256 ------------------------------------------------------------------------------------------------ */

  /* The first 32 bits of the fractional parts of roots of primes, computed as the standard defines them. */
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) {
    if (primes.every((p) => n % p !== 0)) primes.push(n);
  }
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
  const START = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(64);

  /* One block: `bytes` from `at`, taken into `state`. */
  function absorb(state, bytes, at) {
    for (let t = 0; t < 16; t += 1) {
      const i = at + 4 * t;
      W[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const x = W[t - 15];
      const y = W[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0;
      d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  /* A hash of prefix + text for many texts: the prefix's whole blocks are taken in once. All characters are ASCII. */
  function hasher(prefix) {
    const whole = prefix.length - (prefix.length % 64);
    const before = START.slice();
    const head = Uint8Array.from(prefix, (c) => c.charCodeAt(0));
    for (let at = 0; at < whole; at += 64) absorb(before, head, at);
    const tail = new Uint8Array(192);
    const state = new Int32Array(8);
    return (text) => {
      const length = prefix.length - whole + text.length;
      const end = length + 9 <= 64 ? 64 : 128;
      tail.fill(0, 0, end);
      tail.set(head.subarray(whole), 0);
      for (let i = 0; i < text.length; i += 1) tail[prefix.length - whole + i] = text.charCodeAt(i);
      tail[length] = 0x80;
      const bits = 8 * (prefix.length + text.length);
      tail[end - 3] = bits >>> 16; tail[end - 2] = bits >>> 8; tail[end - 1] = bits;
      state.set(before);
      for (let at = 0; at < end; at += 64) absorb(state, tail, at);
      return state;
    };
  }

  /* --- the search --------------------------------------------------------------------------------------------- */

  function zeroBits(state) {
    let bits = 0;
    for (const word of state) {
      bits += Math.clz32(word);
      if (word !== 0) break;
    }
    return bits;
  }

  /* A function that tries `count` more nonces and gives the one that solves, or null. */
  function search(challenge) {
    const difficulty = Number(challenge.split(".")[3]);
    const hash = hasher(`${challenge}:`);
    let n = 0;
    return (count) => {
      for (const stop = n + count; n < stop; n += 1) {
        const nonce = n.toString(36);
        if (zeroBits(hash(nonce)) >= difficulty) return nonce;
      }
      return null;
    };
  }

  function searchHere(challenge, done) {
    const more = search(challenge);
    const slice = () => {
      const stop = Date.now() + SLICE_MS;
      while (Date.now() < stop) {
        const nonce = more(500);
        if (nonce !== null) {
          done(nonce);
          return;
        }
      }
      setTimeout(slice, 0);
    };
    setTimeout(slice, 0);
  }

  /* --- as a worker -------------------------------------------------------------------------------------------- */

  if (typeof document === "undefined") {
    self.onmessage = (message) => {
      const more = search(message.data);
      let nonce = null;
      while (nonce === null) nonce = more(10000);
      self.postMessage(nonce);
    };
    return;
  }

  /* --- on the page -------------------------------------------------------------------------------------------- */

  const script = document.currentScript.src;

  function searchAway(challenge, done) {
    let worker = null;
    try {
      worker = new Worker(script);
    } catch {
      searchHere(challenge, done);
      return;
    }
    worker.onmessage = (message) => {
      worker.terminate();
      done(message.data);
    };
    worker.onerror = () => {
      worker.terminate();
      searchHere(challenge, done);
    };
    worker.postMessage(challenge);
  }

  function attend(form) {
    const field = form.elements.namedItem("work_nonce");
    const status = form.querySelector("[data-work-status]");
    const say = (text) => {
      if (status !== null) status.textContent = text || "";
    };
    let begun = false;
    let waiting = null; /* what was pressed to send the form before the search ended */
    const begin = () => {
      if (begun) return;
      begun = true;
      searchAway(form.dataset.work, (nonce) => {
        field.value = nonce;
        say(form.dataset.workDone);
        if (waiting !== null) form.requestSubmit(waiting.button);
      });
    };
    form.addEventListener("focusin", begin);
    form.addEventListener("input", begin);
    form.addEventListener("submit", (event) => {
      if (field.value !== "") return;
      event.preventDefault();
      say(form.dataset.workWaiting);
      waiting = { button: event.submitter };
      begin();
    });
  }

  document.querySelectorAll("form[data-work]").forEach(attend);
})();
