// Elements, pictures and tables; nothing here knows what is shown.

const SVG = "http://www.w3.org/2000/svg";
const INK = "#1f1f1f", MUTED = "#595959", LINE = "#dcdcdc", GAIN = "#123f6b", LOSS = "#d55e00", BAND = "#b9d0e6", GAIN_BAR = "#7fa9cf", LOSS_BAR = "#eda26a", UNCLEAR_BAR = "#cfcfcf";

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  return filled(made, attributes, children);
}
function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}
function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) made.append(child);
  return made;
}
function text(x, y, words, attributes) {
  return svg("text", {x, y, "font-size": 12, fill: INK, "font-family": "inherit", ...attributes}, words);
}
// About how wide a text is: a Chinese character is as wide as it is high, a letter a little over half.
const textWidth = (words, size) => [...words].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.58) * size, 0);
function picture(width, height, title, ...children) {
  return svg("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title,
                     xmlns: SVG, "font-family": "\"Sim Chinese\", system-ui, sans-serif"}, ...children);
}

function ticks(low, high, number) {
  const width = (high - low) / Math.max(1, number), power = 10 ** Math.floor(Math.log10(width || 1));
  const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= width) || power;
  const found = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) {
    found.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return found;
}
const plainTick = value => fixed(value, Number.isInteger(value) ? 0 : Math.abs(value) < 0.1 ? 2 : 1);

function lineChart(width, height, title, years, lines, bands, year) {
  // Lines {values, colour, dash, label} and bands {low, high, colour} over years; the year chosen is marked.
  const every = [...lines.flatMap(one => [...one.values]), ...bands.flatMap(one => [...one.low, ...one.high])]
    .filter(Number.isFinite);
  let low = Math.min(0, ...every), high = Math.max(...every, low + 1e-9);
  const effect = lines.length === 1;
  if (!effect) { low = Math.min(...every); low = low < 0.5 * high ? Math.min(low, 0) : low; }
  if (high - low < 1) high = low + 1;
  const room = {left: 46, right: 20, top: 10, bottom: 26};
  const x = k => room.left + k / Math.max(1, years.length - 1) * (width - room.left - room.right);
  const y = value => height - room.bottom - (value - low) / (high - low) * (height - room.top - room.bottom);
  const found = [];
  for (const tick of ticks(low, high, 4)) {
    found.push(svg("line", {x1: room.left, x2: width - room.right, y1: y(tick), y2: y(tick), stroke: tick === 0 ? MUTED : LINE}));
    found.push(text(room.left - 6, y(tick) + 4, plainTick(tick), {"text-anchor": "end", fill: MUTED}));
  }
  const apart = [1, 2, 5, 10, 20].find(step => years.length - 1 <= step * (width < 480 ? 2 : 4)) || 50;
  years.forEach((one, k) => {
    if (Number(one) % apart === 0) found.push(text(x(k), height - 8, one, {"text-anchor": "middle", fill: MUTED}));
  });
  for (const band of bands) {
    const points = [...band.high].map((value, k) => [x(k), y(value)])
      .concat([...band.low].map((value, k) => [x(k), y(value)]).reverse()).filter(one => one.every(Number.isFinite));
    if (points.length > 2) found.push(svg("polygon", {points: points.map(one => one.map(v => v.toFixed(1)).join()).join(" "), fill: band.colour, "fill-opacity": 0.55}));
  }
  found.push(svg("line", {x1: x(year), x2: x(year), y1: room.top, y2: height - room.bottom, stroke: INK, "stroke-dasharray": "2 3"}));
  for (const line of lines) {
    const points = [...line.values].map((value, k) => `${x(k).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    found.push(svg("polyline", {points, fill: "none", stroke: line.colour, "stroke-width": 2.2, "stroke-dasharray": line.dash || null}));
    found.push(svg("circle", {cx: x(year), cy: y(line.values[year]), r: 4, fill: line.colour}));
  }
  return picture(width, height, title, found);
}

function barChart(width, title, rows) {
  // Rows {label, value, error, colour}: bars from zero with 95 % intervals and their numbers.
  const need = Math.max(...rows.map(one => textWidth(one.label, 12))) + 8, narrow = need > 0.5 * width;
  const height = 16 + rows.length * (narrow ? 40 : 27), labels = narrow ? 0 : need;
  const ends = rows.flatMap(one => [one.value - (one.error || 0), one.value + (one.error || 0)]).filter(Number.isFinite);
  const low = Math.min(0, ...ends), high = Math.max(0, ...ends, low + 1e-9), left = labels + 12, right = 104;
  const x = value => left + (value - low) / (high - low) * (width - left - right);
  const found = narrow ? [] : [svg("line", {x1: x(0), x2: x(0), y1: 4, y2: height - 8, stroke: MUTED})];
  rows.forEach((one, k) => {
    const top = 6 + k * (narrow ? 40 : 27) + (narrow ? 14 : 0), middle = top + 10;
    found.push(text(narrow ? 4 : labels, narrow ? top - 1 : middle + 4, one.label, {"text-anchor": narrow ? "start" : "end"}));
    if (!Number.isFinite(one.value)) return;
    if (narrow) found.push(svg("line", {x1: x(0), x2: x(0), y1: top, y2: top + 20, stroke: MUTED}));
    found.push(svg("rect", {x: Math.min(x(0), x(one.value)), y: top + 2, height: 16, width: Math.abs(x(one.value) - x(0)), fill: one.colour}));
    if (Number.isFinite(one.error)) {
      found.push(svg("line", {x1: x(one.value - one.error), x2: x(one.value + one.error), y1: middle, y2: middle, stroke: INK, "stroke-width": 1.4}));
    }
    found.push(text(width - 4, middle + 4, one.number, {"text-anchor": "end"}));
  });
  return picture(width, height, title, found);
}

function tableOf(head, rows, caption) {
  return el("table", {}, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, head.map(one => el("th", {scope: "col"}, one)))),
    el("tbody", {}, rows.map(row => el("tr", {}, row.map((cell, k) =>
      k ? el("td", {class: typeof cell === "string" && !/^[−+–\d]/.test(cell) ? "text" : null}, String(cell)) : el("th", {scope: "row"}, String(cell)))))));
}
