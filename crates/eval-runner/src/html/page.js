// Lists the cases, and opens trials. Data becomes text, never markup.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const index = JSON.parse(at("index").textContent);
  const WORDS = { p: "passed", f: "failed", n: "not graded" };
  const CLASSES = { p: "passed", f: "failed", n: "ungraded" };
  const PAGE = 200;

  /** Makes an element. Attributes that are null or false are left out. */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    fill(element, attributes, children);
    return element;
  }
  function draw(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    fill(element, attributes, children);
    return element;
  }
  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  }
  const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
  function time(nanos) {
    if (nanos < 1e3) return `${nanos} ns`;
    if (nanos < 1e6) return `${(nanos / 1e3).toPrecision(3)} µs`;
    if (nanos < 1e9) return `${Math.min(nanos / 1e6, 999).toPrecision(3)} ms`;
    if (nanos < 6e10) return `${Math.min(nanos / 1e9, 59.9).toPrecision(3)} s`;
    const seconds = Math.round(nanos / 1e9);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  function glyph(mark) {
    return make("span", { class: `glyph ${CLASSES[mark]}`, "aria-hidden": "true" });
  }

  // The theme: the system's, or one that was chosen.
  const themes = ["system", "light", "dark"];
  let theme = "system";
  try { theme = localStorage.getItem("probity-theme") || theme; } catch { /* A file may have no storage. */ }
  function setTheme(name) {
    theme = themes.includes(name) ? name : "system";
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    at("theme").textContent = `Theme: ${theme}`;
    try { localStorage.setItem("probity-theme", theme); } catch { /* As above. */ }
  }
  setTheme(theme);
  at("theme").addEventListener("click", () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length]));

  // What is known of each case.
  const cases = index.cases.map((data, place) => {
    data.ordinals ??= Array.from(data.marks, (_, position) => data.first + position);
    const tally = { p: 0, f: 0, n: 0 };
    for (const mark of data.marks) tally[mark] += 1;
    const n = data.marks.length;
    const share = n ? tally.p / n : 0;
    const reasons = [...new Set(Object.values(data.reasons))].map((number) => index.reasons[number]);
    const micros = data.micros.reduce((sum, one) => sum + one, 0) / Math.max(n, 1);
    const before = data.baseline && data.baseline[1] ? data.baseline[0] / data.baseline[1] : null;
    return {
      data, place, n, tally, share, micros, before,
      change: before === null ? null : share - before,
      words: [data.id, ...reasons].join("\n").toLowerCase(),
      trialIndex: (position) => (data.indices ? data.indices[position] : position),
    };
  });
  // All trials in the order of the page, for going from one to the next.
  const byOrdinal = new Map();
  for (const one of cases) one.data.ordinals.forEach((ordinal, position) => byOrdinal.set(ordinal, [one, position]));
  const reasonOf = (one, position) => index.reasons[one.data.reasons[position]] || "";
  const percent = (share) => `${(share * 100).toFixed(1)}%`;
  const signed = (share) => {
    const points = (share * 100).toFixed(1).replace("-", "−");
    return points === "0.0" || points === "−0.0" ? "0.0" : share > 0 ? `+${points}` : points;
  };

  // The table of cases.
  const compared = cases.some((one) => one.before !== null);
  const columns = [
    { name: "case", value: (one) => one.data.id.toLowerCase(), up: true },
    { name: "passed", value: (one) => one.share, number: true, up: true },
    ...(compared ? [
      { name: "baseline", value: (one) => one.before ?? -1, number: true },
      { name: "change", value: (one) => one.change ?? -9, number: true, up: true },
    ] : []),
    { name: "failed", value: (one) => one.tally.f, number: true },
    { name: "not graded", value: (one) => one.tally.n, number: true },
    { name: "mean time", value: (one) => one.micros, number: true },
    { name: "trials", value: null },
  ];
  let sorted = { column: columns[1], up: true };
  let shown = PAGE;
  let listed = [];
  const opened = new Set();
  const table = at("table");
  let body = null;

  function drawColumns() {
    at("columns").replaceChildren(...columns.map((column) => {
      const active = sorted.column === column;
      const sort = active ? (sorted.up ? "ascending" : "descending") : null;
      const arrow = active ? (sorted.up ? " ↑" : " ↓") : "";
      const label = column.value
        ? make("button", { type: "button", onclick: () => sortBy(column) }, column.name, make("span", { "aria-hidden": "true" }, arrow))
        : column.name;
      return make("th", { scope: "col", "aria-sort": sort, class: column.number ? "number" : null }, label);
    }));
  }
  function sortBy(column) {
    const place = columns.indexOf(column);
    sorted = { column, up: sorted.column === column ? !sorted.up : Boolean(column.up) };
    list();
    at("columns").children[place].querySelector("button").focus();
  }
  const WHICH = {
    all: () => true,
    always: (one) => one.n > 0 && one.tally.p === one.n,
    sometimes: (one) => one.tally.p > 0 && one.tally.p < one.n,
    never: (one) => one.n > 0 && one.tally.p === 0,
    failed: (one) => one.tally.f > 0,
    ungraded: (one) => one.tally.n > 0,
  };
  function list() {
    const words = at("filter").value.trim().toLowerCase();
    const which = WHICH[at("which").value] || WHICH.all;
    listed = cases.filter((one) => which(one) && one.words.includes(words));
    const { column: { value }, up } = sorted;
    const order = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0);
    listed.sort((a, b) => (up ? order(a, b) : order(b, a)) || a.place - b.place);
    drawColumns();
    drawRows();
  }
  function drawRows() {
    const fresh = make("tbody");
    for (const one of listed.slice(0, shown)) {
      fresh.append(caseRow(one));
      if (opened.has(one.place)) fresh.append(trialsRow(one));
    }
    if (!listed.length) fresh.append(make("tr", {}, make("td", { colspan: columns.length, class: "empty" }, "No case matches.")));
    if (body) body.replaceWith(fresh); else table.append(fresh);
    body = fresh;
    const all = listed.length === cases.length;
    at("count").textContent = all ? count(cases.length, "case", "cases") : `${listed.length} of ${count(cases.length, "case", "cases")}`;
    const more = listed.length - shown;
    at("more").hidden = more <= 0;
    at("more").textContent = `Show ${Math.min(more, PAGE)} more of ${more}`;
  }
  at("more").addEventListener("click", () => {
    const first = shown;
    shown += PAGE;
    drawRows();
    const row = body.querySelectorAll(".case")[first];
    if (row) row.querySelector("button").focus();
  });
  function filtered() { shown = PAGE; list(); }
  at("filter").addEventListener("input", filtered);
  at("which").addEventListener("change", filtered);
  at("cases").querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll(".reason").forEach((button) => button.addEventListener("click", () => {
    at("filter").value = button.dataset.filter;
    at("which").value = "all";
    filtered();
    at("filter").focus();
    at("cases").scrollIntoView();
  }));

  function caseRow(one) {
    const open = opened.has(one.place);
    const toggle = make("button", {
      type: "button", class: "toggle", dir: "auto", "aria-expanded": String(open),
      "aria-controls": `trials-${one.place}`, onclick: () => toggleCase(one),
      onkeydown: arrows,
    }, one.data.id);
    const cells = columns.slice(1, -1).map((column) => {
      const text = {
        passed: () => `${one.tally.p} of ${one.n}`,
        baseline: () => (one.before === null ? "–" : `${one.data.baseline[0]} of ${one.data.baseline[1]}`),
        change: () => (one.change === null ? "–" : signed(one.change)),
        failed: () => (one.tally.f || "–"),
        "not graded": () => (one.tally.n || "–"),
        "mean time": () => time(one.micros * 1e3),
      }[column.name]();
      return make("td", { class: text === "–" ? "number muted" : "number" }, String(text));
    });
    return make("tr", { class: "case", id: `case-${one.place}` },
      make("th", { scope: "row" }, toggle), cells, make("td", {}, mini(one)));
  }
  /** Up and down go from case to case, right and left open and close. */
  function arrows(event) {
    const toggles = [...body.querySelectorAll(".toggle")];
    const here = toggles.indexOf(event.currentTarget);
    const isOpen = event.currentTarget.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowDown" && toggles[here + 1]) toggles[here + 1].focus();
    else if (event.key === "ArrowUp" && here > 0) toggles[here - 1].focus();
    else if ((event.key === "ArrowRight" && !isOpen) || (event.key === "ArrowLeft" && isOpen)) event.currentTarget.click();
    else return;
    event.preventDefault();
  }
  function toggleCase(one) {
    const row = at(`case-${one.place}`);
    const open = !opened.has(one.place);
    if (open) { opened.add(one.place); row.after(trialsRow(one)); }
    else { opened.delete(one.place); at(`trials-${one.place}`).remove(); }
    row.querySelector(".toggle").setAttribute("aria-expanded", String(open));
  }

  /** The cells of one case, small; the list of its trials says the same. */
  function mini(one) {
    const side = 12, per = 24, most = per * 2;
    const paths = { p: "", f: "", n: "" };
    const marks = one.data.marks.slice(0, most);
    [...marks].forEach((mark, position) => {
      const x = (position % per) * side, y = Math.floor(position / per) * side;
      paths[mark] += mark === "p" ? `M${x} ${y}h10v10h-10z` : mark === "f" ? `M${x + .75} ${y + .75}h8.5v8.5h-8.5z` : `M${x + 1} ${y + 1}l8 8m0-8l-8 8`;
    });
    const width = Math.min(marks.length, per) * side, height = Math.ceil(marks.length / per) * side - 2;
    const svg = draw("svg", { class: "mini", "aria-hidden": "true", width, height, viewBox: `0 0 ${width} ${height}` },
      Object.entries(paths).map(([mark, d]) => draw("path", { class: CLASSES[mark], d })),
      draw("rect", { width, height, fill: "transparent" }));
    const hit = (event) => {
      const box = svg.getBoundingClientRect();
      const x = Math.floor((event.clientX - box.left) / side), y = Math.floor((event.clientY - box.top) / side);
      const position = y * per + x;
      return x < per && position < marks.length ? [one, position] : null;
    };
    pointed(svg, hit);
    const rest = one.n - marks.length;
    return rest > 0 ? [svg, make("span", { class: "note" }, `and ${rest} more`)] : [svg];
  }

  function trialsRow(one) {
    const list = make("tbody");
    const more = make("button", { type: "button", class: "expand" });
    const add = () => {
      const from = list.children.length;
      for (let position = from; position < Math.min(from + PAGE, one.n); position += 1) list.append(trialRow(one, position));
      const left = one.n - list.children.length;
      more.hidden = left <= 0;
      more.textContent = `Show ${Math.min(left, PAGE)} more of ${left}`;
    };
    more.addEventListener("click", add);
    add();
    const head = ["trial", "outcome", "reason", "time", "attempts"];
    return make("tr", { class: "inner", id: `trials-${one.place}` }, make("td", { class: "inset", colspan: columns.length },
      make("table", {}, make("caption", { class: "quiet" }, `Trials of ${one.data.id}`),
        make("thead", {}, make("tr", {}, head.map((name, place) => make("th", { scope: "col", class: place > 2 ? "number" : null }, name)))),
        list), more));
  }
  function trialRow(one, position) {
    const mark = one.data.marks[position];
    const attempts = one.data.attempts[position] || 1;
    const number = one.trialIndex(position);
    return make("tr", {},
      make("th", { scope: "row" }, make("button", { type: "button", class: "open-trial", "aria-haspopup": "dialog", onclick: () => openTrial(one, position) }, `trial ${number}`)),
      make("td", { class: "outcome" }, glyph(mark), WORDS[mark]),
      make("td", { class: "why", dir: "auto" }, reasonOf(one, position) || "–"),
      make("td", { class: "number muted" }, time(one.data.micros[position] * 1e3)),
      make("td", { class: attempts > 1 ? "number" : "number muted" }, String(attempts)));
  }

  // Cells tell what they are under the pointer, and open on a click.
  const tip = at("tip");
  function pointed(svg, hit) {
    svg.addEventListener("pointermove", (event) => {
      const found = hit(event);
      tip.hidden = !found;
      if (!found) return;
      const [one, position] = found;
      const why = reasonOf(one, position);
      tip.textContent = `${one.data.id} · trial ${one.trialIndex(position)} · ${WORDS[one.data.marks[position]]}${why ? `: ${why}` : ""}`;
      const left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8);
      const top = event.clientY + 18 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 8 : event.clientY + 18;
      tip.style.left = `${Math.max(left, 8)}px`;
      tip.style.top = `${top}px`;
    });
    svg.addEventListener("pointerleave", () => { tip.hidden = true; });
    svg.addEventListener("click", (event) => {
      const found = hit(event);
      tip.hidden = true;
      if (found) openTrial(...found);
    });
  }
  const strip = at("strip");
  if (strip && index.strip) {
    const { order, side, fold, rows, step, line, per_line: perLine, width } = index.strip;
    pointed(strip, (event) => {
      const box = strip.getBoundingClientRect();
      const scale = width / box.width;
      const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
      const place = Math.floor(y / line) * perLine + Math.floor(x / step);
      const row = Math.floor((y % line) / side), column = Math.floor((x % step) / side);
      const one = cases[order[place]];
      const position = column * rows + row;
      return one && row < rows && column < fold && Math.floor(x / step) < perLine && position < one.n ? [one, position] : null;
    });
  }

  // One trial, unpacked when it is opened.
  const unpacked = new Map();
  async function detailOf(ordinal) {
    const blocks = [...document.querySelectorAll("script[data-first]")];
    for (const block of blocks) {
      if (ordinal < Number(block.dataset.first) || ordinal > Number(block.dataset.last)) continue;
      if (!unpacked.has(block)) {
        if (unpacked.size > 8) unpacked.delete(unpacked.keys().next().value);
        unpacked.set(block, await unpack(block.textContent));
      }
      const found = unpacked.get(block).find((detail) => detail.ordinal === ordinal);
      if (found) return found;
    }
    return null;
  }
  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  /** A page within another may not change its address. */
  function setAddress(address) {
    try { history.replaceState(null, "", address); } catch { /* Then it has no link to the trial. */ }
  }

  const sheet = at("sheet");
  let current = null;
  let returnTo = null;
  async function openTrial(one, position) {
    current = [one, position];
    const mark = one.data.marks[position];
    at("sheet-title").replaceChildren(make("bdi", {}, one.data.id), make("span", { class: "muted" }, ` trial ${one.trialIndex(position)}`));
    if (!sheet.open) { returnTo = document.activeElement; sheet.showModal(); }
    at("sheet-title").focus({ preventScroll: true });
    setAddress(`#case=${encodeURIComponent(one.data.id)}&trial=${one.trialIndex(position)}`);
    const ordinal = one.data.ordinals[position];
    at("previous").disabled = !byOrdinal.has(ordinal - 1);
    at("next").disabled = !byOrdinal.has(ordinal + 1);
    let parts;
    try {
      const detail = await detailOf(ordinal);
      parts = detail ? trialParts(one, position, detail) : [facts(one, position, null), make("p", { class: "note warning" },
        document.readyState === "loading" ? "This trial is still being read; open it again in a moment." : "The details of this trial are not in this file; the end of the page says why.")];
    } catch (error) {
      parts = [facts(one, position, null), make("p", { class: "note warning" }, `The details cannot be read by this browser: ${error.message}`)];
    }
    if (current[0] !== one || current[1] !== position) return;
    at("trial").replaceChildren(...parts);
    sheet.scrollTop = 0;
    at("trial").dataset.mark = mark;
  }
  function step(by) {
    const found = byOrdinal.get(current[0].data.ordinals[current[1]] + by);
    if (found) openTrial(...found);
  }
  at("previous").addEventListener("click", () => step(-1));
  at("next").addEventListener("click", () => step(1));
  at("close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener("close", () => {
    setAddress(location.pathname + location.search);
    if (returnTo && returnTo.isConnected) returnTo.focus();
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
  });

  function trialParts(one, position, detail) {
    const sections = [
      scores(detail), artifact(detail), messages(detail),
      detail.trace ? trace("trace", "Trace", detail.trace) : null,
      detail.eval_trace ? trace("eval-trace", "Trace of the evals", detail.eval_trace) : null,
      wire(detail),
    ].filter(Boolean);
    const jump = make("ul", { class: "jump" }, sections.map((section) => make("li", {},
      make("a", { href: `#${section.id}`, onclick: (event) => {
        event.preventDefault();
        section.scrollIntoView();
        section.querySelector("h3").focus({ preventScroll: true });
      } }, section.querySelector("h3").firstChild.textContent))));
    return [facts(one, position, detail), make("nav", { "aria-label": "Parts of the trial" }, jump), ...sections];
  }
  function facts(one, position, detail) {
    const mark = one.data.marks[position];
    const attempts = one.data.attempts[position] || 1;
    const usage = detail && detail.talk ? detail.talk.usage : {};
    const items = [
      time(one.data.micros[position] * 1e3),
      attempts > 1 ? `${attempts} attempts` : null,
      detail && detail.talk && detail.talk.models.length ? detail.talk.models.join(", ") : null,
      detail && detail.talk ? count(detail.talk.calls, "model call", "model calls") : null,
      detail && detail.talk ? count(detail.talk.tools, "tool call", "tool calls") : null,
      usage.input_tokens != null || usage.output_tokens != null
        ? `${usage.input_tokens == null ? "?" : usage.input_tokens.toLocaleString("en")} tokens in, ${usage.output_tokens == null ? "?" : usage.output_tokens.toLocaleString("en")} out` : null,
      detail && detail.started ? `${detail.started} UTC` : null,
      detail && detail.seed ? `seed ${detail.seed}` : null,
    ];
    const why = reasonOf(one, position);
    // The summary's reason is short, but of a wrong answer it says more.
    const whole = detail ? detail.outcome.slice(WORDS[mark].length + 2) : why;
    const because = whole === "wrong answer" ? why : whole;
    return make("div", {}, make("p", { class: "result" }, glyph(mark), make("span", {}, WORDS[mark],
      because ? make("bdi", { class: "because" }, ` ${because}`) : null)),
      make("p", { class: "facts" }, items.filter(Boolean).map((item) => make("span", {}, item))));
  }
  function part(id, title, more, ...children) {
    return make("section", { id, "aria-label": title }, make("h3", { tabindex: "-1" }, title, more ? make("span", { class: "muted" }, more) : null), ...children);
  }
  /** A text, short at first where it is long, with what was left out of it. */
  function text(shown, prose) {
    const LONG = 6000;
    const box = make("div", {});
    const body = make(prose && !shown.j ? "p" : "pre", { class: prose && !shown.j ? "prose" : "block", dir: "auto", tabindex: prose && !shown.j ? null : "0" });
    const long = shown.t.length > LONG;
    body.textContent = long ? shown.t.slice(0, LONG) + " …" : shown.t || "(empty)";
    box.append(body);
    if (long) {
      const all = make("button", { type: "button", class: "expand", onclick: () => { body.textContent = shown.t; all.remove(); } },
        `Show all ${shown.t.length.toLocaleString("en")} letters`);
      box.append(all);
    }
    if (shown.x) box.append(make("p", { class: "cut" }, `${shown.x.toLocaleString("en")} bytes were left out here.`));
    return box;
  }
  function scores(detail) {
    if (!detail.scores.length) return null;
    const row = (score) => make("tr", {},
      make("th", { scope: "row", dir: "auto" }, score.eval.t),
      make("td", { class: "number" }, score.score === null ? "–" : String(Math.round(score.score * 1000) / 1000)),
      make("td", { class: "outcome" }, score.passed === null ? [glyph("n"), "not graded"] : score.passed ? [glyph("p"), "passed"] : [glyph("f"), "failed"]),
      make("td", { class: "says" }, text(score.says, true)));
    return part("scores", "Scores", null, make("div", { class: "scroll" }, make("table", {}, make("caption", { class: "quiet" }, "What each eval said"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "eval"), make("th", { scope: "col", class: "number" }, "score"), make("th", { scope: "col" }, "verdict"), make("th", { scope: "col" }, "report"))),
      make("tbody", {}, detail.scores.map(row)))));
  }
  function artifact(detail) {
    return detail.artifact ? part("artifact", "Artifact", null, text(detail.artifact, false)) : null;
  }
  function messages(detail) {
    const talk = detail.talk;
    if (!talk || !talk.conversations.length) return null;
    const all = talk.conversations.reduce((sum, one) => sum + one.messages.length, 0);
    const several = talk.conversations.length > 1;
    return part("messages", "Messages", String(all),
      talk.conversations.map((conversation, place) => make("div", {},
        several ? make("p", { class: "note" }, `Conversation ${place + 1}${conversation.agent ? ` of ${conversation.agent}` : ""}`) : null,
        conversation.messages.map(message))),
      talk.unreadable ? make("p", { class: "note warning" }, `${count(talk.unreadable, "attribute", "attributes")} of the model calls could not be read.`) : null);
  }
  function message(said) {
    const known = ["user", "assistant", "tool", "system"].includes(said.role);
    return make("div", { class: "message" }, make("div", { class: `role ${known ? said.role : ""}` }, said.name ? `${said.role} (${said.name})` : said.role),
      make("div", {}, said.parts.map((one) => {
        const tag = { call: "calls ", answer: null, reasoning: "reasoning", other: "other" }[one.kind];
        return make("div", { class: "part" },
          tag ? make("p", { class: "tag" }, tag, one.name ? make("code", {}, one.name) : null) : null,
          text(one, one.kind === "text" || one.kind === "reasoning"));
      })));
  }

  /** The tree of a trace with a timeline: arrows move, right and left open and close, enter shows fields. */
  function trace(id, title, data) {
    const nodes = treeOf(data);
    const more = `${count(data.spans.length, "span", "spans")}, ${count(data.events.length, "event", "events")}, ${time(data.duration)}`;
    const tree = make("div", { class: "tree", role: "tree", "aria-label": title });
    const total = Math.max(data.duration, 1, ...data.spans.map((span) => span.s + (span.d || 0)));
    nodes.forEach((node, place) => { node.element = treeItem(node, total, place === 0); tree.append(node.element); });
    tree.addEventListener("click", (event) => {
      const node = nodes.find((one) => one.element.contains(event.target));
      if (!node || event.target.closest(".fields")) return;
      focusNode(nodes, node);
      if (event.target.closest(".twig") && node.children) fold(nodes, node); else showFields(node);
    });
    tree.addEventListener("keydown", (event) => treeKeys(event, nodes));
    const notes = [
      data.status, data.dropped ? `The capture dropped ${data.dropped}.` : null,
      data.left_out[0] || data.left_out[1] ? `${count(data.left_out[0], "span", "spans")} and ${count(data.left_out[1], "event", "events")} are not on this page.` : null,
    ].filter(Boolean);
    return part(id, title, more,
      nodes.length ? make("div", { class: "scale", "aria-hidden": "true" }, make("span", {}), make("span", { class: "ends" }, make("span", {}, "0"), make("span", {}, time(total))), make("span", {})) : null,
      nodes.length ? tree : make("p", { class: "note" }, "Nothing was recorded."),
      notes.map((note) => make("p", { class: "note warning" }, note)));
  }
  function treeOf(data) {
    const below = new Map();
    const add = (parent, item) => { if (!below.has(parent)) below.set(parent, []); below.get(parent).push(item); };
    data.spans.forEach((span, place) => add(span.p ?? -1, { ...span, place }));
    data.events.forEach((event) => add(event.p ?? -1, { ...event, event: true }));
    const nodes = [];
    const stack = (below.get(-1) || []).slice().sort((a, b) => a.s - b.s).reverse().map((item) => [item, null]);
    while (stack.length) {
      const [item, parent] = stack.pop();
      const inside = item.event ? [] : (below.get(item.place) || []).slice().sort((a, b) => a.s - b.s);
      const node = { item, parent, depth: parent ? parent.depth + 1 : 0, children: inside.length, open: true };
      nodes.push(node);
      for (const child of inside.reverse()) stack.push([child, node]);
    }
    return nodes;
  }
  const fieldOf = (item, key) => { const found = item.f.find(([name]) => name === key); return found ? found[1].t : null; };
  function treeItem(node, total, first) {
    const { item } = node;
    const operation = fieldOf(item, "gen_ai.operation.name");
    const failed = item.l === "ERROR" || fieldOf(item, "error.type") !== null || (fieldOf(item, "otel.status_code") || "").toLowerCase() === "error";
    const kind = item.event ? "event" : operation === "execute_tool" || fieldOf(item, "gen_ai.tool.name") ? "tool" : item.n.t === "llm_turn" || (operation && operation !== "invoke_agent") ? "model" : "";
    const hint = fieldOf(item, "gen_ai.tool.name") || fieldOf(item, "gen_ai.request.model") || fieldOf(item, "gen_ai.agent.name") || "";
    const length = item.event ? `at ${time(item.s)}` : item.d === null ? "open" : time(item.d);
    const bar = make("i", {});
    bar.style.left = `${Math.min(item.s / total * 100, 99.8)}%`;
    if (!item.event) bar.style.width = `${Math.max(Math.min((item.d === null ? total - item.s : item.d) / total, 1 - item.s / total), 0) * 100}%`;
    const label = make("div", { class: "label" }, make("span", { class: "twig", "aria-hidden": "true" }), make("span", { class: "name" }, item.n.t),
      hint && hint !== item.n.t ? make("span", { class: "hint" }, hint) : null);
    const element = make("div", {
      class: `node ${kind}${failed ? " bad" : item.l === "WARN" ? " warn" : ""}`, role: "treeitem", tabindex: first ? "0" : "-1",
      "aria-level": node.depth + 1, "aria-expanded": node.children ? "true" : null,
      "aria-label": `${item.n.t}${hint ? `, ${hint}` : ""}, ${length}${failed ? ", failed" : ""}`,
    }, make("div", { class: "row" }, label, make("div", { class: "track", "aria-hidden": "true" }, bar), make("span", { class: "time" }, item.event ? "" : length)));
    element.style.setProperty("--depth", Math.min(node.depth, 12));
    return element;
  }
  function showFields(node) {
    const old = node.element.querySelector(".fields");
    if (old) { old.remove(); return; }
    const { item } = node;
    const pair = (name, value) => [make("dt", {}, name), make("dd", { dir: "auto" }, value.t, value.x ? make("p", { class: "cut" }, `${value.x.toLocaleString("en")} bytes were left out here.`) : null)];
    node.element.append(make("dl", { class: "fields" },
      item.event && item.n.t.length > 60 ? pair("message", item.n) : [],
      item.f.map(([name, value]) => pair(name, value)),
      pair(item.event ? "at" : "starts at", { t: time(item.s) }), pair("target", { t: `${item.m} (${item.l})` })));
  }
  function fold(nodes, node) {
    node.open = !node.open;
    node.element.setAttribute("aria-expanded", String(node.open));
    const isHidden = (one) => { for (let up = one.parent; up; up = up.parent) if (!up.open) return true; return false; };
    for (const one of nodes) one.element.hidden = isHidden(one);
  }
  function focusNode(nodes, node) {
    for (const one of nodes) one.element.tabIndex = one === node ? 0 : -1;
    node.element.focus();
  }
  function treeKeys(event, nodes) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const seen = nodes.filter((one) => !one.element.hidden);
    const node = seen.find((one) => one.element === event.target);
    if (!node) return;
    const here = seen.indexOf(node);
    const go = (to) => { if (to) focusNode(nodes, to); };
    switch (event.key) {
      case "ArrowDown": go(seen[here + 1]); break;
      case "ArrowUp": go(seen[here - 1]); break;
      case "Home": go(seen[0]); break;
      case "End": go(seen[seen.length - 1]); break;
      case "ArrowRight": if (node.children && !node.open) fold(nodes, node); else if (node.children) go(seen[here + 1]); break;
      case "ArrowLeft": if (node.children && node.open) fold(nodes, node); else go(node.parent); break;
      case "Enter": case " ": showFields(node); break;
      default: return;
    }
    event.preventDefault();
  }
  function wire(detail) {
    if (!detail.wire) return null;
    return part("wire", "Raw exchange", count(detail.wire.length, "entry", "entries"),
      detail.wire.map((entry) => make("details", { class: "exchange" },
        make("summary", {}, `${entry.kind} ${entry.title.t}`, make("span", { class: "muted" }, ` ${entry.at}`)),
        entry.headers.length ? make("dl", { class: "fields" }, entry.headers.map(([name, value]) => [make("dt", {}, name), make("dd", {}, value.t)])) : null,
        entry.body ? text(entry.body, false) : null)),
      detail.wire_dropped ? make("p", { class: "note warning" }, `${count(detail.wire_dropped, "entry", "entries")} were left out by the capture.`) : null);
  }

  list();
  // A link may name a trial; its details come after this script.
  addEventListener("DOMContentLoaded", () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const one = asked.has("case") && cases.find((one) => one.data.id === asked.get("case"));
    if (!one) return;
    const position = one.data.ordinals.findIndex((_, position) => String(one.trialIndex(position)) === asked.get("trial"));
    if (position >= 0) openTrial(one, position);
  });
})();
