// Stack and name of the thread that is calling, asked of the VM itself: the bridge's wrappers would make an object a frame.

const LONGEST = 8000; // characters of a stack; the recorder takes the frames that are whole

export class Stacks {
  constructor(Java) {
    this.vm = Java.vm;
    const env = Java.vm.getEnv();
    const kept = name => env.newGlobalRef(env.findClass(name));
    this.throwable = kept("java/lang/Throwable");
    this.arrays = kept("java/util/Arrays");
    this.threads = kept("java/lang/Thread");
    this.init = env.getMethodId(this.throwable, "<init>", "()V");
    this.trace = env.getMethodId(this.throwable, "getStackTrace", "()[Ljava/lang/StackTraceElement;");
    this.print = env.getStaticMethodId(this.arrays, "toString", "([Ljava/lang/Object;)Ljava/lang/String;");
    this.current = env.getStaticMethodId(this.threads, "currentThread", "()Ljava/lang/Thread;");
    this.getName = env.getMethodId(this.threads, "getName", "()Ljava/lang/String;");
    this.make = env.constructor([]);
    this.get = env.vaMethod("pointer", []);
    this.getStatic = env.staticVaMethod("pointer", []);
    this.getOf = env.staticVaMethod("pointer", ["pointer"]);
  }

  // "[frame, frame, ...]" as Java prints frames, the nearest first.
  text() {
    return this.framed(env => {
      const made = this.make(env.handle, this.throwable, this.init);
      const frames = this.get(env.handle, made, this.trace);
      return this.getOf(env.handle, this.arrays, this.print, frames);
    }).slice(0, LONGEST);
  }

  name() {
    return this.framed(env => this.get(env.handle, this.getStatic(env.handle, this.threads, this.current), this.getName));
  }

  framed(ask) {
    const env = this.vm.getEnv();
    env.pushLocalFrame(8);
    try {
      const found = ask(env);
      env.throwIfExceptionPending();
      return env.stringFromJni(found) || "";
    } finally {
      env.popLocalFrame(NULL);
    }
  }
}
