// The agent that runs inside the app: it hooks what its table names and sends what was called, never what it means.
//
// The recorder calls `install` with the table of hooks.py. From then on the agent sends `calls` in batches, `alive` each
// second and `gap` for what it cannot watch; `begun` says that every hook it can place is in place. The recorder answers
// each batch with an `ack`; without answers the agent keeps a bounded number of calls and counts the rest as lost.

import Java from "frida-java-bridge";

import { now, offset } from "./clocks.js";
import { Hooks, placed } from "./hooks.js";
import { Outbox } from "./outbox.js";

const EVERY = 1000;
const AGAIN = [2, 5, 15, 60, 300]; // seconds after which classes that were not there are looked for once more
const outbox = new Outbox();
let hooks = null;
let beats = 0;

function install(table, options) {
  if (!Java.available) {
    return { available: false };
  }
  outbox.limit(options);
  hooks = new Hooks(table, options, outbox);
  Java.performNow(() => hooks.place(() => true));
  Java.perform(() => {
    hooks.place(entry => entry.gaps.some(gap => gap.reason === "class_missing")); // those of the app itself
    placed(begun);
  });
  return { available: true };
}

function begun() {
  Java.perform(() => outbox.tell({ kind: "begun", ...moment(), ...identity(), hooked: hooks.hooked(), gaps: hooks.gaps() }));
  setInterval(beat, EVERY);
}

function beat() {
  beats += 1;
  if (AGAIN.includes(beats)) {
    Java.perform(() => hooks.again());
  }
  outbox.flush();
  outbox.tell({ kind: "alive", ...moment(), ...outbox.counts(), ...hooks.counts() });
}

function moment() {
  return { t: Date.now(), m: now() };
}

function identity() {
  return { pid: Process.id, process: commandLine(), offset: offset(Java) };
}

function commandLine() {
  try {
    return File.readAllText("/proc/self/cmdline").split("\0")[0];
  } catch (_) {
    return "";
  }
}

// Hooks are taken away while the agent is still there, so that no thread comes back into code that is gone.
function stop() {
  if (hooks !== null) {
    Java.performNow(() => hooks.remove());
    outbox.flush(true);
  }
  return { ...moment(), ...outbox.counts(), ...(hooks ? hooks.counts() : {}) };
}

rpc.exports = { install, stop };
