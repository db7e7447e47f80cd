// What a reader takes away: tables, pictures, a link, a scenario file and the command that makes the same runs.

function download(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const link = el("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
function csvOf({head, rows}) {
  // A number keeps its plain minus sign; a text that a spreadsheet would run as a formula gets a '.
  const cell = value => {
    let one = String(value);
    one = /^[−+-]?\d[\d,]*(\.\d+)?%?$/.test(one) ? one.replace("−", "-").replace(/,/g, "") : one === "–" ? "" : /^[=+\-@]/.test(one) ? `'${one}` : one;
    return /[",\n]/.test(one) ? `"${one.replace(/"/g, "\"\"")}"` : one;
  };
  return "\ufeff" + [head, ...rows].map(row => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
const tabbed = ({head, rows}) => [head, ...rows].map(row => row.join("\t")).join("\n");
function linesOf(words, width, size) {
  // A text in lines of a width: Latin words and Chinese characters stay whole.
  const lines = [""];
  for (const part of words.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) || []) {
    if (lines[lines.length - 1] && textWidth(lines[lines.length - 1] + part.trim(), size) > width) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map(one => one.trim());
}
function pictureOf(app, figure) {
  // A figure as it leaves the page: with its title, what is shown, its legend, its note and where it is from.
  const {words, content} = app, width = Math.max(480, Math.min(900, app.width)), drawn = figure.draw(app, width);
  const titles = [content.titles.page, ...(content.titles.scenario && !isSame(content.titles.scenario, content.titles.page) ? [content.titles.scenario] : [])].map(one => words.pick(one));
  const beside = content.titles.scenario && content.titles.baseline ? words.t("beside", {scenario: titles.join(words.lang === "zh" ? "；" : "; "), baseline: words.pick(content.titles.baseline)}) : titles[0];
  const legend = figure.id === "paths" ? words.t("paths_legend") : "";
  const above = [[words.t(figure.id), 17, INK, 700], ...[figure.table(app).caption, beside].map(one => [one, 12, INK, 400])];
  const below = [legend, noteOf(figure, app), figure.id === "map" ? words.sentences(content.map.credits[words.index]) : "", statusText(app), `cluster-formation-simulator ${content.version}`].filter(Boolean).map(one => [one, 11, MUTED, 400]);
  let y = 8;
  const written = list => list.flatMap(([said, size, fill, weight]) => linesOf(said, width - 16, size).map(line => text(8, y += size * 1.4, line, {"font-size": size, fill, "font-weight": weight})));
  const head = written(above), top = y += 8, height = drawn.height.baseVal.value;
  drawn.setAttribute("y", top);
  y += height;
  const foot = written(below);
  return picture(width, Math.ceil(y + 12), words.t(figure.id), head, drawn, foot);
}
function ownFaces(content) {
  // The page's Chinese characters, where a picture has some: it may be opened where no such font is.
  return /[\u2e80-\u9fff]/.test(content) ? (document.querySelector("style").textContent.match(/@font-face\{[^}]*\}/g) || []).join("\n") : "";
}
function svgText(node) {
  const copy = node.cloneNode(true), faces = ownFaces(copy.textContent);
  copy.insertBefore(svg("rect", {width: "100%", height: "100%", fill: "#fff"}), copy.firstChild);
  if (faces) copy.insertBefore(svg("style", {}, faces), copy.firstChild);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + new XMLSerializer().serializeToString(copy);
}
function pngOf(node, done) {
  const image = new Image(), scale = 2;
  image.onload = () => {
    const canvas = el("canvas", {width: node.width.baseVal.value * scale, height: node.height.baseVal.value * scale});
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svgText(node));
}
async function copyText(words, button, content) {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(content); } catch {
    const area = el("textarea", {}, content);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = words.t("copied");
  setTimeout(() => { button.textContent = before; }, 1500);
}

function fileValue(control, value) {
  // A value as a TOML file has it.
  if (control.kind === "date") return `${Math.floor(value / 4)}-${String(value % 4 * 3 + 1).padStart(2, "0")}-01`;
  if (control.kind === "bool") return value ? "true" : "false";
  if (control.kind === "places") return JSON.stringify(value);
  const plain = String(Number(Number(value).toPrecision(12)));
  return control.kind === "float" && /^-?\d+$/.test(plain) ? `${plain}.0` : plain;
}
const bare = key => /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
function changed(app) { return app.content.controls.filter(one => one.kind !== "choice" && !isSame(app.state.values[one.name], one.value)); }
const fileName = path => path.split(/[\\/]/).pop();

function scenarioFile(app) {
  // A scenario that extends the opened one and has the changed keys alone.
  const tables = new Map();
  const put = (path, value) => {
    const table = path.slice(0, -1).map(bare).join(".");
    tables.set(table, [...(tables.get(table) || []), `${bare(path[path.length - 1])} = ${value}`]);
  };
  for (const one of app.content.fixed) put(one.path, one.value);
  for (const one of changed(app)) for (const path of one.paths) put(path, fileValue(one, app.state.values[one.name]));
  const titles = app.content.titles.scenario.map(one => JSON.stringify(one));
  const head = [`extends = ${JSON.stringify(fileName(app.content.files.scenario))}`, `title = ${titles[0].slice(0, -1)} (explored)"`, `title_zh = ${titles[1].slice(0, -1)}（探索）"`];
  const top = tables.get("") || [];
  tables.delete("");
  return [...head, ...top, ...[...tables].flatMap(([table, lines]) => ["", `[${table}]`, ...lines])].join("\n") + "\n";
}
const quoted = one => /^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replace(/'/g, "'\\''")}'`;
function command(app) {
  // Baseline and scenario under the same assumptions and draws; the file lies beside the one that it extends.
  const {files, shared} = app.content, list = changed(app), members = app.answer ? app.answer.members : app.content.replicates;
  const own = list.length ? files.scenario.replace(/[^\\/]*$/, "explored.toml") : files.scenario;
  const both = app.content.fixed.map(one => `--set ${quoted(`${one.path.map(bare).join(".")}=${one.value}`)}`);
  const sets = list.filter(one => shared.includes(one.name)).flatMap(one => one.paths.map(path => `--set ${quoted(`${path.join(".")}=${fileValue(one, app.state.values[one.name])}`)}`));
  return ["sim compare", quoted(files.baseline), quoted(own), ...both, ...sets, `--replicates ${Math.max(2, members)}`].join(" ");
}

function keepSection(app) {
  const words = app.words, list = changed(app), link = String(location.href).split("#")[0] + app.fragment();
  const button = (key, action, attributes) => el("button", {type: "button", ...attributes, onclick: event => action(event.currentTarget)}, words.t(key));
  const parts = location.protocol === "about:" ? [] : [el("h3", {}, words.t("keep_link")), el("p", {class: "line"}, el("code", {id: "link"}, link), button("copy", one => copyText(words, one, link)))];
  if (app.content.files) {
    const file = scenarioFile(app), said = list.length ? words.t("keep_note", {file: fileName(app.content.files.scenario)})
      : words.t("keep_same", {file: fileName(app.content.files.scenario)});
    parts.push(el("h3", {}, words.t("keep_scenario")), el("p", {class: "note"}, said));
    if (list.length) parts.push(el("pre", {id: "scenario-file", tabindex: 0}, file), el("p", {}, button("copy", one => copyText(words, one, file)), button("keep_download", () => download("explored.toml", file, "application/toml"))));
    parts.push(el("h3", {}, words.t("keep_command")), el("p", {class: "line"}, el("code", {id: "command"}, command(app)), button("copy", one => copyText(words, one, command(app)))));
  }
  return el("section", {id: "keep"}, el("h2", {}, words.t("keep")), parts, el("p", {}, button("print", () => window.print())));
}
