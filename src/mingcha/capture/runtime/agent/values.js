// What a value is: its kind and length, and the text of small ones, which the recorder seals before anything is written.

const LONGEST = 65536;
const SIZED = /^java\.util\.(Array|Linked)?(Collection|List|Set|SortedSet|HashSet|Map|HashMap|SortedMap)$/;
const WHOLE = /^[BSIJ]$/;

// `type` is the bridge's type of the parameter or the result; `size` asks a collection how many it holds.
export function told(value, type, size) {
  if (value === null || value === undefined) {
    return { k: "null" };
  }
  if (typeof value === "string") {
    return text(value);
  }
  if (typeof value === "boolean") {
    return { k: "boolean", s: value ? "1" : "0" };
  }
  if (typeof value === "number" || value instanceof Int64 || value instanceof UInt64) {
    return { k: WHOLE.test(type.name) ? "integer" : "decimal", s: value.toString() };
  }
  if (type.name[0] === "[") {
    return array(value, type.name);
  }
  if (type.className === "android.net.Uri") {
    return text(value.toString());
  }
  return SIZED.test(type.className) ? { k: "list", n: size ? value.size() : undefined } : { k: "object" };
}

function text(value) {
  return value.length > LONGEST ? { k: "text", n: value.length } : { k: "text", n: value.length, s: value };
}

function array(value, name) {
  const n = value.length;
  if (name === "[B") {
    return n > 1024 ? { k: "bytes", n } : { k: "bytes", n, s: hex(value) };
  }
  const s = name === "[Ljava/lang/String;" && n <= 64 ? JSON.stringify(Array.from(value)) : "";
  return s === "" || s.length > LONGEST ? { k: "list", n } : { k: "list", n, s };
}

function hex(bytes) {
  let made = "";
  for (let i = 0; i !== bytes.length; i++) {
    made += (bytes[i] & 0xff).toString(16).padStart(2, "0");
  }
  return made;
}

// The constant that a value stands for in the catalogue's tests, null if it can be none.
export function constant(value, type) {
  if (typeof value === "string") {
    return value;
  }
  if (typeof value === "boolean") {
    return value ? "1" : "0";
  }
  if (typeof value === "number" || value instanceof Int64) {
    return value.toString();
  }
  if (value === null || value === undefined) {
    return null;
  }
  if (type.name === "[Ljava/lang/String;") {
    return Array.from(value).join(" ");
  }
  switch (type.className) {
    case "android.net.Uri": return value.toString();
    case "android.content.Intent": return value.getAction();
    case "android.content.IntentFilter": return value.countActions() > 0 ? value.getAction(0) : null;
    case "android.hardware.Sensor": return value.getType().toString();
    default: return null;
  }
}
