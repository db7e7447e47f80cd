// Controls: native sliders, boxes and lists, each with a name, its value in words, and its range.

const isGrid = control => control.values.length > 0;
function shown(words, control, value) {
  if (control.kind === "date") return words.t("quarter", {year: Math.floor(value / 4), quarter: value % 4 + 1});
  if (control.kind === "bool") return words.t(value ? "on" : "off");
  if (control.kind === "choice") return words.pick(control.labels[value]);
  if (control.kind === "places") return String(value.length);
  return String(Number(Number(value).toPrecision(6)));
}

function controlPanel(app) {
  const groups = new Map();
  for (const control of app.content.controls) {
    const head = control.paths.length && control.paths[0][0] !== "policies" ? app.words.t("assumptions") : app.words.pick(control.of) || "";
    groups.set(head, [...(groups.get(head) || []), control]);
  }
  const parts = [...groups].map(([head, list]) => el("fieldset", {}, el("legend", {}, head || app.words.t("policies_group")),
    head === app.words.t("assumptions") ? el("p", {class: "note"}, app.words.t("assumptions_note")) : null, list.map(one => control(app, one))));
  return el("form", {id: "controls", "aria-label": app.words.t("controls"), onsubmit: event => event.preventDefault()}, parts,
    el("button", {type: "button", id: "reset", onclick: () => app.reset()}, app.words.t("reset")));
}

function control(app, one) {
  const kinds = {bool: switchControl, choice: choiceControl, places: placesControl};
  return (kinds[one.kind] || slider)(app, one);
}

function slider(app, one) {
  const words = app.words, id = `c-${one.name}`, whole = one.kind !== "float";
  const named = words.pick(one.titles), value = app.state.values[one.name];
  const out = el("output", {for: id, id: `${id}-out`}, shown(words, one, value));
  const step = one.kind === "float" && isGrid(one) ? (one.high - one.low) / 40 : one.step;
  const input = el("input", {type: "range", id, min: one.low, max: one.high, step: whole ? 1 : step, value, "data-control": one.name,
    "aria-valuetext": shown(words, one, value), list: isGrid(one) ? `${id}-list` : null});
  input.addEventListener("input", () => {
    const number = Number(input.value);
    out.textContent = shown(words, one, number);
    input.setAttribute("aria-valuetext", shown(words, one, number));
    if (field) field.value = number;
    app.set(one.name, number);
  });
  const marks = isGrid(one) ? el("datalist", {id: `${id}-list`}, one.values.map(v => el("option", {value: v}))) : null;
  const field = one.kind === "float" ? numberField(app, one, input, out) : null;
  const range = words.t("range_is", {low: shown(words, one, one.low), high: shown(words, one, one.high)});
  return el("div", {class: "control"}, el("label", {for: id}, named), out, input, field, marks,
    el("small", {class: "range"}, [range, words.pick(one.units)].filter(Boolean).join(" · ")));
}

function numberField(app, one, input, out) {
  // The same number to be typed; one that is out of range is told here and not used.
  const words = app.words, fault = el("small", {class: "fault", role: "alert"});
  const field = el("input", {type: "number", class: "typed", id: `n-${one.name}`, step: "any", min: one.low, max: one.high, value: app.state.values[one.name], "aria-label": words.pick(one.titles)});
  field.addEventListener("change", () => {
    const number = Number(field.value), bad = field.value === "" || !(number >= one.low && number <= one.high);
    fault.textContent = bad ? words.t("out_of_range", {value: field.value, low: one.low, high: one.high}) : "";
    field.setAttribute("aria-invalid", String(bad));
    if (bad) return;
    input.value = number;
    out.textContent = shown(words, one, number);
    app.set(one.name, number);
  });
  return el("span", {class: "exact"}, field, fault);
}

function switchControl(app, one) {
  const id = `c-${one.name}`;
  const input = el("input", {type: "checkbox", id, "data-control": one.name});
  input.checked = Boolean(app.state.values[one.name]);
  input.addEventListener("change", () => app.set(one.name, input.checked ? 1 : 0));
  const gone = !app.leads(one, input.checked ? 0 : 1);
  return el("div", {class: gone ? "control check grey" : "control check", title: gone ? app.words.t("outside_design_note") : null}, input, el("label", {for: id}, app.words.pick(one.titles)));
}

function choiceControl(app, one) {
  const id = `c-${one.name}`;
  const select = el("select", {id, "data-control": one.name, onchange: () => app.set(one.name, Number(select.value))},
    one.values.map(value => el("option", {value, selected: value === app.state.values[one.name], disabled: !app.leads(one, value)}, shown(app.words, one, value))));
  return el("div", {class: "control"}, el("label", {for: id}, app.words.pick(one.titles)), select);
}

function placesControl(app, one) {
  // Places of the zone by name, and those that the policy names elsewhere; one at least.
  const words = app.words, chosen = new Set(app.state.values[one.name]), every = app.content.map.places.filter(each => each.zone || chosen.has(each.id));
  const boxes = every.map(each => {
    const id = `c-${one.name}-${each.id}`, box = el("input", {type: "checkbox", id, value: each.id});
    box.checked = chosen.has(each.id);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(each.id); else chosen.delete(each.id);
      if (!chosen.size) { chosen.add(each.id); box.checked = true; return; }
      app.set(one.name, every.map(site => site.id).filter(site => chosen.has(site)));
    });
    return el("span", {class: "check"}, box, el("label", {for: id}, words.pick(each.short)));
  });
  return el("details", {class: "control places"}, el("summary", {}, words.pair(words.pick(one.titles), chosen.size)), boxes);
}

function selectors(app) {
  const {words, content, state} = app;
  const select = (key, options) => {
    const made = el("select", {id: `s-${key}`, onchange: () => app.view(key, made.value)}, options);
    return el("div", {class: "selector"}, el("label", {for: `s-${key}`}, words.t(key)), made);
  };
  const option = (value, label, chosen) => el("option", {value, selected: value === chosen}, label);
  const group = (label, kind) => {
    const ids = Object.keys(content.names[kind]);         // none of rings in a region without them
    return ids.length ? el("optgroup", {label: words.t(label)}, ids.map(id => option(`${kind}:${id}`, words.name(kind, id), state.place))) : null;
  };
  const places = [option("zone", words.place("zone"), state.place), option("modelled", words.place("modelled"), state.place),
    group("ring_group", "ring"), group("jurisdiction_group", "jurisdiction"), group("site_group", "site")];
  const list = (kind, every) => [option("", words.t(every), state[kind]), ...Object.keys(content.names[kind]).map(id => option(id, words.name(kind, id), state[kind]))];
  return el("div", {class: "selectors"},
    select("measure", ["headquarters", "enterprises", "employment"].map(one => option(one, words.t(one), state.measure))),
    select("place", places), select("industry", list("industry", "all_industries")), select("hq_type", list("hq_type", "all_types")), yearSlider(app));
}

function yearSlider(app) {
  const years = app.years(), words = app.words;
  const out = el("output", {for: "s-year", id: "year-out"}, String(years[app.state.year]));
  const input = el("input", {type: "range", id: "s-year", min: 0, max: years.length - 1, step: 1, value: app.state.year, "aria-valuetext": String(years[app.state.year])});
  input.addEventListener("input", () => app.view("year", Number(input.value)));
  const play = el("button", {type: "button", id: "play", onclick: () => app.play()}, words.t(app.still() ? "step" : "play"));
  return el("div", {class: "selector year"}, el("label", {for: "s-year"}, words.t("year")), out, input, play);
}
