// The page: its state, which the address holds, and what is drawn of it.

class App {
  constructor(content) {
    Object.assign(this, {content, words: new Words(content), answer: null, status: "", told: null, timer: null, quarter: null});
    this.root = document.getElementById("app");
    this.state = {values: this.opened(), measure: "headquarters", place: "zone", industry: "", hq_type: "", map: "effect", year: this.years().length - 1};
    this.read();
  }
  opened() {
    return Object.fromEntries(this.content.controls.map(one => [one.name, isGrid(one) && one.kind !== "choice"
      ? Math.min(one.high, Math.max(one.low, one.value)) : one.value]));
  }
  years() { return this.content.years; }
  yearNumber() { return this.years()[this.state.year]; }
  cell() { return `${this.state.place}|${this.state.industry}|${this.state.hq_type}`; }
  selected() {
    const parts = ["industry", "hq_type"].filter(one => this.state[one]).map(one => this.words.name(one, this.state[one]));
    return parts.length ? (this.words.lang === "zh" ? `（${parts.join("、")}）` : ` (${parts.join(", ")})`) : "";
  }
  still() { return matchMedia("(prefers-reduced-motion: reduce)").matches; }
  leads(one, value) {
    // Whether the design has the combination that a choice would lead to.
    return this.content.mode === "live" || !this.found || isPresent(this.found, this.content.controls, {...this.state.values, [one.name]: value});
  }

  // the address
  fragment() {
    const parts = new URLSearchParams();
    for (const one of this.content.controls) if (!isSame(this.state.values[one.name], this.opened()[one.name])) parts.set(one.name, JSON.stringify(this.state.values[one.name]));
    for (const key of ["measure", "place", "industry", "hq_type", "map"]) parts.set(key, this.state[key]);
    parts.set("year", this.yearNumber());
    parts.set("lang", this.words.lang);
    return `#${parts}`;
  }
  read(fragment = location.hash) {
    // A link may come from anywhere: what does not fit is left out.
    const parts = new URLSearchParams(fragment.slice(1)), {names} = this.content;
    for (const one of this.content.controls) {
      const value = parts.has(one.name) ? parsed(parts.get(one.name)) : undefined;
      if (fits(one, value, this.content)) this.state.values[one.name] = value;
    }
    const year = this.years().indexOf(Number(parts.get("year"))), place = parts.get("place") || "", [kind, id] = place.split(":");
    if (year >= 0) this.state.year = year;
    if (["zone", "modelled"].includes(place) || ["ring", "jurisdiction", "site"].includes(kind) && Object.hasOwn(names[kind], id)) this.state.place = place;
    if (["headquarters", "enterprises", "employment"].includes(parts.get("measure"))) this.state.measure = parts.get("measure");
    for (const key of ["industry", "hq_type"]) if (Object.hasOwn(names[key], parts.get(key) || "")) this.state[key] = parts.get(key);
    if (parts.get("map") === "level") this.state.map = "level";
    if (["en", "zh"].includes(parts.get("lang"))) this.words.lang = parts.get("lang");
  }
  remember() { try { history.replaceState(null, "", this.fragment()); } catch { /* inside another page */ } }

  // what one does
  set(name, value) { this.state.values[name] = value; this.ask(); }
  reset() { this.state.values = this.opened(); this.build(); this.ask(); }
  view(key, value) { this.quarter = null; this.state[key] = value; this.redraw(); }
  choose(place) {
    this.state.place = this.state.place === place ? "zone" : place;
    if (!this.answer || !this.answer.has(this.state.measure, this.cell())) this.state.industry = this.state.hq_type = "";
    this.rebuildSelectors();
    this.redraw();
  }
  tell(place) { this.told = place; this.drawStory(); }
  speak(lang) { this.words.lang = lang; this.build(); this.redraw(); }
  moment() {
    // What the map shows: a year, or a quarter while it plays through those.
    if (this.quarter === null) return String(this.yearNumber());
    const [year, quarter] = this.answer.quarters("headquarters")[this.quarter].split("-Q");
    return this.words.t("quarter", {year, quarter});
  }
  ends() { return this.quarter === null && this.state.year >= this.years().length - 1; }
  forward() {
    // On by a quarter where quarters are known, of which only the map is drawn, else by a year.
    const labels = this.answer && this.answer.quarters(this.state.measure);
    if (!labels || this.still()) return this.view("year", this.ends() ? 0 : this.state.year + 1);
    const closes = this.answer.found.labels.years, here = this.quarter === null ? labels.indexOf(closes[this.state.year]) : this.quarter;
    const next = this.ends() ? labels.indexOf(closes[0]) : here + 1, year = closes.indexOf(labels[next]);
    if (year >= 0) return this.view("year", year);
    this.quarter = Math.min(next, labels.length - 1);
    document.getElementById("year-out").textContent = this.moment();
    const old = document.querySelector("#figure-map figure svg");
    if (old) old.replaceWith(mapPicture(this, Math.max(280, Math.min(900, this.width))));
  }
  play() {
    if (this.timer) return this.stop();
    this.forward();
    if (this.still()) return;
    document.getElementById("play").textContent = this.words.t("pause");
    const quarters = this.answer && this.answer.quarters(this.state.measure);
    this.timer = setInterval(() => { if (this.ends()) this.stop(); else this.forward(); }, quarters ? 150 : 500);
  }
  stop() { clearInterval(this.timer); this.timer = null; document.getElementById("play").textContent = this.words.t("play"); }

  // effects
  ask() {
    if (this.live) return this.live.ask();
    const {controls, errors} = this.content;
    if (!isPresent(this.found, controls, this.state.values)) this.answer = null;
    else {
      const corners = cornersOf(controls, this.state.values);
      this.answer = new Answer(this.found, corners, {kind: corners.length > 1 ? "between" : "simulated", members: this.found.members, errors});
    }
    this.redraw();
  }

  // what is drawn
  build() {
    const {words, content} = this, other = words.lang === "zh" ? "en" : "zh";
    document.documentElement.lang = words.lang === "zh" ? "zh-Hans" : "en";
    document.title = words.pick(content.titles.page);
    const under = content.titles.scenario && content.titles.baseline ? el("p", {class: "beside"}, words.t(isSame(content.titles.scenario, content.titles.page) ? "beside_alone" : "beside", {scenario: words.pick(content.titles.scenario), baseline: words.pick(content.titles.baseline)})) : null;
    const toggle = el("button", {type: "button", id: "language", lang: other === "zh" ? "zh-Hans" : "en", onclick: () => this.speak(other)}, content.words[words.lang].language);
    const chooser = content.scenarios && content.scenarios.length > 1 ? scenarioChooser(this) : null;
    this.root.replaceChildren(el("header", {}, el("p", {class: "kicker"}, el("span", {}, words.t("kicker")), toggle), el("h1", {}, words.pick(content.titles.page)), under, chooser),
      el("div", {class: "columns"}, el("p", {id: "brief", "aria-hidden": "true"}), el("aside", {}, el("h2", {}, words.t("controls")), controlPanel(this)),
        el("main", {}, el("div", {id: "selectors"}), el("section", {id: "answer"}), el("div", {id: "figures"}), el("div", {id: "keep-place"}), provenance(this))));
    this.rebuildSelectors();
  }
  rebuildSelectors() { document.getElementById("selectors").replaceChildren(selectors(this)); }
  redraw() {
    const began = performance.now();
    this.remember();
    const out = document.getElementById("year-out"), slide = document.getElementById("s-year");
    out.textContent = String(this.yearNumber());
    slide.value = this.state.year;
    slide.setAttribute("aria-valuetext", String(this.yearNumber()));
    this.drawAnswer();
    this.drawFigures();
    document.getElementById("keep-place").replaceChildren(keepSection(this));
    this.took = performance.now() - began;
  }
  drawAnswer() {
    const {words, answer} = this, place = document.getElementById("answer"), missing = this.lacks();
    const more = this.live && answer && answer.kind === "simulated" && this.live.done >= this.live.all
      ? el("button", {type: "button", id: "more", onclick: () => this.live.ask(20)}, words.t("more")) : null;
    place.replaceChildren(el("h2", {}, words.t("answer")), el("p", {id: "status", role: "status", "aria-live": "polite"}, statusText(this)), ...(more ? [more] : []),
      ...(missing ? [el("p", {class: "caution"}, missing)] : answer ? [cards(this)] : []));
    const number = document.getElementById("number");
    document.getElementById("brief").textContent = number ? `${number.textContent} ${words.t(`unit_${this.state.measure}`)} · ${words.place(this.state.place)} · ${this.yearNumber()}` : "";
    document.body.classList.toggle("outside", Boolean(missing) && !answer);
  }
  lacks() {
    // Why there is nothing to show; "" if there is.
    if (!this.answer) return this.live ? "" : this.words.t("outside_design");
    if (this.answer.has(this.state.measure, this.cell())) return "";
    const [kind] = this.state.place.split(":"), both = this.state.industry && this.state.hq_type;
    const recorded = this.state.measure !== "employment" && (["zone", "ring"].includes(kind) || kind === "site" && !both);
    return this.words.t(this.content.mode === "saved" && recorded ? "not_saved" : "not_recorded");
  }
  drawFigures() {
    const place = document.getElementById("figures");
    if (!this.answer) { place.replaceChildren(); return; }
    const shown = this.lacks() ? FIGURES.filter(one => one.of !== "cell") : FIGURES;
    const open = new Set([...place.querySelectorAll("details[open]")].map(one => one.dataset.figure)), focus = document.activeElement && document.activeElement.dataset && document.activeElement.dataset.place;
    this.width = this.width || place.clientWidth;
    const whole = Math.max(280, Math.min(900, this.width)), half = this.width > 760 ? (this.width - 32) / 2 : whole;
    place.replaceChildren(...shown.map(one => figureSection(this, one, one.wide ? whole : half, open.has(one.id))));
    this.drawStory();
    if (focus) { const again = place.querySelector(`[data-place="${CSS.escape(focus)}"]`); if (again) again.focus({preventScroll: true}); }
  }
  drawStory() {
    const place = document.getElementById("story");
    if (!place) return;
    const which = this.told || this.state.place;
    place.replaceChildren(el("h3", {}, this.words.place(which)), ...story(this, which).map(one => el("p", {}, one)));
  }
}

function parsed(value) { try { return JSON.parse(value); } catch { return undefined; } }
function fits(control, value, content) {
  if (control.kind === "places") return Array.isArray(value) && value.length > 0 && value.every(one => content.map.places.some(site => site.id === one));
  if (typeof value !== "number" || !(value >= control.low && value <= control.high)) return false;
  return control.kind === "float" || Number.isInteger(value);
}

function statusText(app) {
  const {words, answer} = app;
  if (app.live && app.live.text) return app.live.text;
  if (!answer) return "";
  const measure = app.state.measure, digits = digitsOf(measure), parts = [];
  if (answer.kind === "estimate") parts.push(words.t("estimate", {n: answer.states}));
  else parts.push(answer.kind === "between" ? words.t("between") : words.t(answer.members === 1 ? "simulated_one" : "simulated", {n: answer.members}));
  const half = answer.has(measure, app.cell()) ? Z * answer.at(measure, app.cell(), "se", app.state.year) : NaN;
  if (answer.kind === "estimate") { if (answer.error[measure] !== undefined) parts.push(words.t("error_estimate", {error: fixed(answer.error[measure], digits)})); }
  else if (Number.isFinite(half)) parts.push(words.t("error_monte_carlo", {error: fixed(half, digits)}));
  const found = answer.errors && answer.errors[measure];
  if (answer.kind === "between" && found) parts.push(words.t("error_interpolation", {error: fixed(found[0], digits), noise: fixed(found[1], digits), n: found[2]}));
  else if (answer.kind === "simulated" && found) parts.push(words.t("error_exact"));
  if (app.live) parts.push(app.live.progress());
  return parts.filter(Boolean).join(words.lang === "zh" ? "；" : "; ");
}

function figureSection(app, figure, width, open) {
  const words = app.words, made = figure.draw(app, width), table = () => figure.table(app), file = `${figure.id}-${app.yearNumber()}`;
  const button = (key, action) => el("button", {type: "button", "aria-label": words.pair(words.t(key), words.t(figure.id)), onclick: event => action(event.currentTarget)}, words.t(key));
  const drawn = made.tagName === "svg" ? [button("png", () => pngOf(pictureOf(app, figure), blob => download(`${file}.png`, blob))), button("svg", () => download(`${file}.svg`, svgText(pictureOf(app, figure)), "image/svg+xml"))] : [];
  const tools = el("p", {class: "tools"}, button("copy", one => copyText(words, one, tabbed(table()))), button("csv", () => download(`${file}.csv`, csvOf(table()), "text/csv")), drawn);
  const legend = figure.id === "paths" ? el("p", {class: "legend"}, el("span", {class: "solid"}, words.t("with_it")), el("span", {class: "dashed"}, words.t("without_it"))) : null;
  const counted = figure.of === "cell" ? el("p", {class: "note counted"}, pathCaption(app)) : null;
  const chooser = figure.id === "map" ? mapChooser(app) : null, tale = figure.id === "map" ? el("div", {id: "story", "aria-live": "polite"}) : null;
  return el("section", {class: figure.wide ? "figure wide-figure" : "figure", id: `figure-${figure.id}`}, el("h2", {}, words.t(figure.id)), chooser, counted, legend, el("figure", {}, made, el("figcaption", {class: "note"}, noteOf(figure, app), figure.id === "map" ? words.sentences(["", ...app.content.map.credits[words.index]]) : null)), tale,
    tableBelow(words, figure, table, open), tools);
}
function tableBelow(words, figure, table, open) {
  // The table is made when it is first looked at, so that a drag does not wait for it.
  const place = el("div", {class: "wide", tabindex: 0, role: "group", "aria-label": words.pair(words.t("table"), words.t(figure.id))});
  const fill = () => { if (!place.firstChild) { const {head, rows, caption} = table(); place.append(tableOf(head, rows, caption)); } };
  if (open) fill();
  const made = el("details", {"data-figure": figure.id, open, ontoggle: fill}, el("summary", {}, words.t("table")), place);
  made.fill = fill;
  return made;
}
function mapChooser(app) {
  const words = app.words;
  return el("div", {class: "selector", role: "radiogroup", "aria-label": words.t("map_shows")}, ["effect", "level"].map(one => {
    const input = el("input", {type: "radio", name: "map", id: `map-${one}`, value: one, onchange: () => { app.view("map", one); document.getElementById(`map-${one}`).focus({preventScroll: true}); }});
    input.checked = app.state.map === one;
    return el("span", {class: "check"}, input, el("label", {for: `map-${one}`}, words.t(`map_${one}`)));
  }));
}
function scenarioChooser(app) {
  const select = el("select", {id: "scenario", onchange: () => { location.href = `/?scenario=${select.value}`; }},
    app.content.scenarios.map((titles, k) => el("option", {value: k, selected: k === app.content.number}, app.words.pick(titles))));
  return el("p", {class: "selector"}, el("label", {for: "scenario"}, app.words.t("scenario_choice")), select);
}
function provenance(app) {
  const {words, content} = app;
  const how = content.mode === "live" ? words.t("provenance_live") : words.t("provenance_design", {points: content.points, controls: content.controls.length, replicates: content.replicates});
  return el("footer", {}, el("h2", {}, words.t("provenance")), el("p", {}, how), el("p", {}, words.t("provenance_note")), el("p", {class: "note"}, `cluster-formation-simulator ${content.version}`));
}

async function begin() {
  const content = JSON.parse(document.getElementById("content").textContent);
  if (typeof DecompressionStream === "undefined" || !CSS.escape) return;
  const app = new App(content);
  if (content.answers) app.found = await unpackAnswers(content.answers);
  window.explorer = app;                                           // only now: what asks it needs the answers
  document.getElementById("old").remove();
  app.build();
  if (content.mode === "live") app.live = new Live(app);
  app.ask();
  addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(one => { if (one.fill) one.fill(); one.open = one.printed = true; }));
  addEventListener("afterprint", () => document.querySelectorAll("details").forEach(one => { if (one.printed) one.open = one.printed = false; }));
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; app.width = 0; app.redraw(); } });
  // Not the address of now: an answer that came since may have put the view before the link there.
  addEventListener("hashchange", event => { app.read(new URL(event.newURL).hash); app.build(); app.ask(); });
}
begin();
