// Walks a rendered test screen: the nodes of its dump, as uiautomator would give them, and the marks of its designer.
() => {
  const style = document.body.dataset.style || "native";
  const density = window.devicePixelRatio, W = innerWidth, H = innerHeight;
  const INLINE = new Set(["A", "B", "SPAN", "EM", "U", "I", "SMALL", "STRONG", "BR"]);
  const TEXT = new Set(["P", "H1", "H2", "H3", "LABEL", "LI"]);
  const px = v => Math.round(v * density);
  const shown = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 0.5 && r.height > 0.5 && s.visibility !== "hidden"; };
  const clip = (e, r) => {
    let [l, t, R, b] = [r.left, r.top, r.right, r.bottom];
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (getComputedStyle(p).overflow === "visible") continue;
      const q = p.getBoundingClientRect();
      l = Math.max(l, q.left); t = Math.max(t, q.top); R = Math.min(R, q.right); b = Math.min(b, q.bottom);
    }
    return [px(Math.max(0, l)), px(Math.max(0, t)), px(Math.min(W, R)), px(Math.min(H, b))];
  };
  const bounds = e => clip(e, e.getBoundingClientRect());
  const custom = e => e.dataset.class || e.classList.contains("box") || e.classList.contains("sw") || e.classList.contains("ic") || e.dataset.node !== undefined;
  const inline = e => INLINE.has(e.tagName) && !custom(e) && !(style === "web" && e.tagName === "A");
  const words = e => {
    let t = "";
    for (const n of e.childNodes) {
      if (n.nodeType === 3) t += n.data.replace(/\s+/g, " ");
      else if (n.nodeType === 1) t += n.tagName === "BR" ? "\n" : inline(n) ? words(n) : "";
    }
    return t;
  };
  const tidy = t => t.replace(/ *\n */g, "\n").trim();
  const role = e => {
    if (e.dataset.class) return e.dataset.class;
    const c = e.classList;
    if (c.contains("box")) return "android.widget.CheckBox";
    if (c.contains("sw")) return "android.widget.Switch";
    if (c.contains("in")) return "android.widget.EditText";
    if (c.contains("ic")) return "android.widget.ImageView";
    if (e.tagName === "BUTTON") return "android.widget.Button";
    if (TEXT.has(e.tagName) || INLINE.has(e.tagName)) return "android.widget.TextView";
    if (e.dataset.scroll !== undefined) return "android.widget.ScrollView";
    if (tidy(words(e))) return "android.widget.TextView";
    return c.contains("mask") || c.contains("card") ? "android.widget.FrameLayout" : "android.widget.LinearLayout";
  };
  const rid = e => e.dataset.rid ? document.body.dataset.package + ":id/" + e.dataset.rid : "";
  const dressed = n => {
    if (style === "flutter") {
      if (!/Button|EditText|CheckBox|Switch/.test(n.class)) n.class = "android.view.View";
      n.desc = n.desc || n.text; n.text = ""; n.rid = "";
    } else if (style === "web") {
      if (/TextView|Layout|ImageView/.test(n.class)) n.class = "android.view.View";
    } else if (style === "compose" && n.class === "android.widget.Button") {
      n.class = "android.view.View"; n.rid = "";
      n.children.unshift({...n, class: "android.widget.TextView", clickable: false, focusable: false, children: []});
      n.text = "";
    }
    return n;
  };
  const node = e => {
    if (e.matches("script,style,link,[data-skip],.sb") || !shown(e) || inline(e)) return null;
    const b = bounds(e);
    if (b[2] <= b[0] || b[3] <= b[1]) return null;
    const cls = role(e), box = /CheckBox|Switch|RadioButton|ToggleButton/.test(cls);
    const click = /Button|EditText/.test(cls) || box || e.dataset.click !== undefined;
    return dressed({
      text: tidy(words(e)), rid: rid(e), class: cls, package: document.body.dataset.package, desc: e.dataset.desc || "",
      checkable: box, checked: box && e.classList.contains("on"), clickable: click, enabled: e.dataset.disabled === undefined,
      focusable: click, focused: e.dataset.focused !== undefined, scrollable: e.dataset.scroll !== undefined, long: false,
      password: e.dataset.password !== undefined, selected: e.dataset.selected !== undefined, bounds: b, children: below(e),
    });
  };
  // An inline element is part of its paragraph's text; boxes and pictures inside it are nodes of their own.
  const below = e => [...e.children].flatMap(c => inline(c) && !c.matches("[data-skip]") ? below(c) : [node(c)]).filter(Boolean);
  const frame = inner => ({
    text: "", rid: "", class: "android.widget.FrameLayout", package: document.body.dataset.package, desc: "", checkable: false,
    checked: false, clickable: false, enabled: true, focusable: false, focused: false, scrollable: false, long: false,
    password: false, selected: false, bounds: [0, 0, px(W), px(H)], children: inner,
  });
  const root = () => {
    const blind = document.body.dataset.blind, top = document.querySelector("[data-root]");
    if (blind) { const n = frame([]); n.class = blind; return n; }
    if (top) { const n = node(top), f = frame([n]); f.bounds = n.bounds; return f; }
    const f = frame(below(document.body));
    if (style === "web") f.children = [{...frame(f.children), class: "android.webkit.WebView", text: document.body.dataset.title || "", focusable: true}];
    return f;
  };
  const parse = c => { const v = c.match(/[\d.]+/g).map(Number); return [v[0], v[1], v[2], v.length > 3 ? v[3] : 1]; };
  const over = (f, b) => [0, 1, 2].map(i => f[i] * f[3] + b[i] * (1 - f[3])).concat(1);
  const ground = e => {
    const layers = [];
    for (let p = e; p; p = p.parentElement) {
      if (p.dataset.bg) { layers.push(parse(p.dataset.bg)); break; }
      const c = parse(getComputedStyle(p).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reduceRight((b, l) => over(l, b), [255, 255, 255, 1]);
  };
  const hex = c => "#" + c.slice(0, 3).map(v => Math.round(v).toString(16).padStart(2, "0")).join("");
  const inDump = e => {
    if (document.body.dataset.blind) return "none";
    const top = document.querySelector("[data-root]");
    if (e.closest("[data-skip]") || (top && !top.contains(e))) return "none";
    return inline(e) ? "part" : "own";
  };
  const mark = e => {
    const s = getComputedStyle(e), back = ground(e), rects = [...e.getClientRects()];
    return {
      is: e.dataset.is, to: e.dataset.to || null, means: e.dataset.means || null, ref: e.dataset.ref || null,
      text: tidy(e.dataset.says || e.innerText.replace(/\s*\n\s*/g, "\n") || e.dataset.desc || ""), bounds: bounds(e),
      lines: INLINE.has(e.tagName) && rects.length > 1 ? rects.map(r => clip(e, r)) : null,
      on: e.classList.contains("on"), drawn: /ImageView|view.View/.test(e.dataset.class || ""), node: inDump(e),
      sp: parseFloat(s.fontSize), line: parseFloat(s.lineHeight) / parseFloat(s.fontSize),
      colour: hex(over(parse(s.color), back)), background: hex(back),
    };
  };
  return {root: root(), marks: [...document.querySelectorAll("[data-is]")].filter(shown).map(mark), size: [px(W), px(H)], density,
    title: document.title, overflow: [...document.querySelectorAll(".card,.sys,.note,body,.fill:not([data-scroll])")].filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.className || e.tagName)};
}
