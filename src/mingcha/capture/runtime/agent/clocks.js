// The two clocks of a device: the one people read, and the one nobody can set.

const BOOTTIME = 7; // CLOCK_BOOTTIME of Linux: goes on while the device sleeps
const gettime = new NativeFunction(Module.getGlobalExportByName("clock_gettime"), "int", ["int", "pointer"]);
const room = Memory.alloc(16);
const wide = Process.pointerSize === 8;

// Microseconds since the device was started.
export function now() {
  gettime(BOOTTIME, room);
  const seconds = wide ? room.readS64().toNumber() : room.readS32();
  const rest = wide ? room.add(8).readS64().toNumber() : room.add(4).readS32();
  return seconds * 1e6 + Math.floor(rest / 1000);
}

// Minutes by which the device's clock is ahead of UTC at this moment.
export function offset(Java) {
  const zone = Java.use("java.util.TimeZone").getDefault();
  return zone.getOffset(Date.now()) / 60000;
}
