// Hooks of the methods in the table, and what each call of one is told as.

import Java from "frida-java-bridge";

import { now } from "./clocks.js";
import { Stacks } from "./stacks.js";
import { tester } from "./tests.js";
import { told } from "./values.js";

const ABSTRACT = 0x400;
const STATIC = 2; // the bridge's number for static methods
const MISSING = /ClassNotFound|NoClassDef/;
const SYSTEM = /^(android|com\.android|dalvik|java|javax|jdk|libcore|sun)\./;

export class Hooks {
  constructor(table, options, outbox) {
    this.outbox = outbox;
    this.own = options.package;
    this.entries = table.map(hook => ({ ...hook, placed: [], gaps: [] }));
    this.busy = new Set(); // threads in which the agent itself is calling Java
    this.inside = new Map(); // thread → hooks of the calls it is inside of, the outermost first
    this.names = new Map(); // thread → its name, forgotten at each sign of life
    this.stacks = null;
    this.loaders = [];
    this.failed = 0;
    this.passedOver = 0;
  }

  place(wanted) {
    this.stacks = this.stacks || new Stacks(Java);
    for (const entry of this.entries) {
      if (entry.placed.length === 0 && wanted(entry)) {
        entry.gaps = [];
        entry.on.forEach(name => this.placeOn(entry, name));
      }
    }
  }

  placeOn(entry, name) {
    let cls;
    try {
      cls = this.found(name);
    } catch (_) {
      entry.gaps.push({ reason: "class_unusable" });
      return;
    }
    if (cls === null) {
      entry.gaps.push({ reason: "class_missing" });
      return;
    }
    const member = cls[entry.method === "<init>" ? "$init" : entry.method];
    const overloads = member && member.overloads ? member.overloads : [];
    if (overloads.length === 0) {
      entry.gaps.push({ reason: "method_missing" });
    }
    for (const wanted of entry.signatures || []) {
      if (overloads.length > 0 && !overloads.some(overload => signature(overload) === wanted)) {
        entry.gaps.push({ reason: "overload_missing", descriptor: wanted });
      }
    }
    for (const overload of overloads) {
      const descriptor = signature(overload);
      if (entry.signatures === null || entry.signatures.includes(descriptor)) {
        this.placeAt(entry, cls, overload, descriptor);
      }
    }
  }

  // A class by its name: as the app sees it, else in any other loader that there is (`loaders`; of plug-ins and unpacked code).
  found(name) {
    try {
      return Java.use(name);
    } catch (e) {
      if (!MISSING.test(e.message)) {
        throw e;
      }
    }
    for (const loader of this.loaders) {
      try {
        this.classes.forName(name, false, loader);
      } catch (_) {
        continue;
      }
      return Java.ClassFactory.get(loader).use(name);
    }
    return null;
  }

  placeAt(entry, cls, overload, descriptor) {
    try {
      const barred = obstacle(cls, overload, entry.method === "<init>");
      if (barred !== null) {
        entry.gaps.push({ reason: barred, descriptor });
        return;
      }
      overload.implementation = this.implementation(entry, overload, descriptor);
      entry.placed.push(overload);
    } catch (_) {
      entry.gaps.push({ reason: "hook_failed", descriptor });
    }
  }

  implementation(entry, overload, descriptor) {
    const hooks = this;
    const test = tester(entry.rows, this.own);
    const types = overload.argumentTypes;
    const result = overload.returnType;
    return function (...args) {
      const thread = Process.getCurrentThreadId();
      if (hooks.busy.has(thread)) {
        return overload.apply(this, args);
      }
      const record = hooks.begun(entry, descriptor, test, args, types, thread);
      if (record === null) {
        return overload.apply(this, args);
      }
      const outer = hooks.inside.get(thread) || [];
      hooks.inside.set(thread, [...outer, entry]);
      try {
        const value = overload.apply(this, args);
        hooks.ended(record, thread, () => { record.result = result.name === "V" ? undefined : told(value, result, true); });
        return value;
      } catch (e) {
        hooks.ended(record, thread, () => { record.error = thrown(e); });
        throw e;
      } finally {
        outer.length === 0 ? hooks.inside.delete(thread) : hooks.inside.set(thread, outer);
      }
    };
  }

  // What is known of a call before it runs; null if it is not to be told of. A fault of ours must never be the app's.
  begun(entry, descriptor, test, args, types, thread) {
    this.busy.add(thread);
    try {
      const passed = test(args, types);
      if (passed === null) {
        this.passedOver += 1;
        return null;
      }
      const stack = this.stacks.text();
      if (delegated(stack, entry, this.inside.get(thread))) {
        return null;
      }
      return {
        t: Date.now(), m: now(), hook: entry.id, descriptor, tid: thread, thread: this.nameOf(thread), stack,
        args: args.map((value, at) => ({ ...told(value, types[at], false), c: passed[at] })),
      };
    } catch (_) {
      this.failed += 1;
      return null;
    } finally {
      this.busy.delete(thread);
    }
  }

  ended(record, thread, finish) {
    this.busy.add(thread);
    try {
      finish();
    } catch (_) {
      this.failed += 1;
    } finally {
      this.busy.delete(thread);
    }
    this.outbox.call(record);
  }

  nameOf(thread) {
    let name = this.names.get(thread);
    if (name === undefined) {
      name = this.stacks.name().slice(0, 200);
      this.names.set(thread, name);
    }
    return name;
  }

  // Classes that came later, with an SDK loaded on demand or code unpacked at run time.
  again() {
    const before = new Set(this.hooked());
    this.classes = Java.use("java.lang.Class");
    this.loaders = Java.enumerateClassLoadersSync();
    this.place(entry => entry.gaps.some(gap => gap.reason === "class_missing"));
    this.loaders = [];
    const more = this.hooked().filter(name => !before.has(name));
    if (more.length > 0) {
      placed(() => this.outbox.tell({ kind: "hooked", t: Date.now(), m: now(), hooked: more }));
    }
  }

  hooked() {
    return this.entries.filter(entry => entry.placed.length > 0).map(entry => entry.id);
  }

  gaps() {
    return this.entries.flatMap(entry => entry.gaps.map(gap => ({ hook: entry.id, ...gap })));
  }

  counts() {
    this.names.clear();
    return { failed: this.failed, passed_over: this.passedOver };
  }

  // Not on a HotSpot VM: what the bridge does there to take a hook away can stop every thread for good.
  remove() {
    if (Process.findModuleByName("libart.so") === null) {
      return;
    }
    for (const entry of this.entries) {
      for (const overload of entry.placed) {
        overload.implementation = null;
      }
      entry.placed = [];
    }
  }
}

// Calls back when hooks are in place: in a HotSpot VM the bridge changes methods on the next tick.
export function placed(then) {
  Script.nextTick(() => Script.nextTick(then));
}

function signature(overload) {
  return `(${overload.argumentTypes.map(type => type.name).join("")})${overload.returnType.name}`;
}

// Why a method must not be hooked, null if it may be: the body of an abstract one is elsewhere, and one that is inherited
// would be hooked for every class that inherits it.
function obstacle(cls, overload, made) {
  const env = Java.vm.getEnv();
  const handle = env.toReflectedMethod(cls.class.$h, overload.handle, overload.type === STATIC ? 1 : 0);
  env.throwIfExceptionPending();
  const executable = Java.cast(handle, Java.use(made ? "java.lang.reflect.Constructor" : "java.lang.reflect.Method"));
  if (executable.getModifiers() & ABSTRACT) {
    return "abstract";
  }
  return executable.getDeclaringClass().getName() === cls.$className ? null : "inherited";
}

// Whether Android makes this call only to answer one that is told already and gives the same: getString asks
// getStringForUser, one overload asks another. Code of anybody else between the two makes it a call of its own.
function delegated(stack, entry, outer) {
  if (outer === undefined || !outer.some(one => one.gives.some(given => entry.gives.includes(given)))) {
    return false;
  }
  for (const frame of stack.split(", ").slice(1)) {
    const called = frame.slice(frame.lastIndexOf("/", frame.indexOf("(")) + 1, frame.indexOf("("));
    if (outer.some(one => one.on.some(cls => called === `${cls}.${one.method}`))) {
      return true;
    }
    if (!SYSTEM.test(called)) {
      return false;
    }
  }
  return false;
}

function thrown(error) {
  return error.$h === undefined ? null : Java.cast(error.$h, Java.use("java.lang.Throwable")).$className;
}
