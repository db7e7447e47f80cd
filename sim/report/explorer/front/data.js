"use strict";
// What the page knows: unpacking, words, and effects at any values of the controls.

const LEAST = -32768;
const STAT = {base: 0, mean: 1, se: 2, low: 3, high: 4};
const Z = 1.96;                       // half width of a 95 % interval in standard errors

async function unpack(block) {
  // Values of a block as Python's packing.py made them: planes of bytes, differences along the last axis.
  const raw = Uint8Array.from(atob(block.data), one => one.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const number = bytes.length / 2, along = block.shape[block.shape.length - 1];
  const values = new Int16Array(number);
  for (let k = 0, sum = 0; k < number; k++) {
    if (k % along === 0) sum = 0;
    sum = (sum + (bytes[k] | bytes[number + k] << 8)) & 0xFFFF;
    values[k] = sum;
  }
  const size = number / block.shape[0];
  return {values, size, steps: block.steps, series: size / block.shape[1], shape: block.shape};
}

async function unpackAnswers(packed) {
  const found = {labels: packed.labels, members: packed.members, missing: new Set(packed.missing), cells: {}};
  for (const [measure, block] of Object.entries(packed.cells)) {
    found.cells[measure] = {...await unpack(block), place: new Map(block.cells.map((cell, k) => [cell, k]))};
  }
  found.accounts = await unpack(packed.accounts);
  found.parts = await unpack(packed.parts);
  found.sums = await unpack(packed.sums);
  if (packed.quarters) found.quarters = {...await unpack(packed.quarters), labels: packed.quarters.labels, sites: new Map(packed.quarters.sites.map((site, k) => [site, k]))};
  return found;
}

function mixed(block, corners) {
  // Weighted sum over points; what is not known at a point is not known.
  const out = new Float64Array(block.size);
  for (const [point, weight] of corners) {
    for (let k = 0, from = point * block.size; k < block.size; k++) {
      const value = block.values[from + k];
      out[k] += value === LEAST ? NaN : weight * value * block.steps[k / block.series | 0];
    }
  }
  return out;
}

class Answer {
  // Effects at one combination: of a cell by statistic and year, of accounts and of parts.
  constructor(found, corners, about) {
    Object.assign(this, about);
    this.found = found;
    this.corners = corners;
    this.made = {};
  }
  block(name, measure) {
    const key = measure || name;
    if (!this.made[key]) this.made[key] = mixed(measure ? this.found.cells[measure] : this.found[name], this.corners);
    return this.made[key];
  }
  has(measure, cell) { return this.found.cells[measure].place.has(cell); }
  series(measure, cell, stat) {
    const block = this.found.cells[measure], [, , cells, years] = block.shape;
    const from = (STAT[stat] * cells + block.place.get(cell)) * years;
    return this.block("cells", measure).subarray(from, from + years);
  }
  at(measure, cell, stat, year) { return this.series(measure, cell, stat)[year]; }
  account(authority, item, error) {
    const [, , authorities, items] = this.found.accounts.shape;
    return this.block("accounts")[((error ? 1 : 0) * authorities + authority) * items + item];
  }
  sum(item, error) { return this.block("sums")[(error ? 1 : 0) * this.found.labels.items.length + item]; }
  quarters(measure) {
    // Labels of all quarters, where a measure is known by them.
    return measure === "headquarters" && this.found.quarters ? this.found.quarters.labels : null;
  }
  ofQuarter(site, stat, quarter) {
    const [, , sites, quarters] = this.found.quarters.shape;
    return this.block("quarters")[(STAT[stat] * sites + this.found.quarters.sites.get(site)) * quarters + quarter];
  }
  part(number, year, error) {
    const [, , parts, years] = this.found.parts.shape;
    return this.block("parts")[((error ? 1 : 0) * parts + number) * years + year];
  }
}

function cornersOf(controls, values) {
  // [[point, weight]] of multilinear interpolation in a grid whose last control moves fastest.
  let corners = [[0, 1]];
  for (const control of controls) {
    const list = control.values, value = values[control.name];
    let first = 0;
    while (first < list.length - 2 && value > list[first + 1]) first++;
    const last = Math.min(first + 1, list.length - 1);
    const part = last === first ? 0 : Math.min(1, Math.max(0, (value - list[first]) / (list[last] - list[first])));
    const next = [];
    for (const [point, weight] of corners) {
      if (part < 1) next.push([point * list.length + first, weight * (1 - part)]);
      if (part > 0) next.push([point * list.length + last, weight * part]);
    }
    corners = next;
  }
  return corners;
}

function isPresent(found, controls, values) {
  return cornersOf(controls, values).every(([point]) => !found.missing.has(point));
}

class Words {
  constructor(content) { this.content = content; this.lang = content.lang; }
  get index() { return this.lang === "zh" ? 1 : 0; }
  get moneyUnit() { return this.lang === "zh" ? 100 : 1; }          // RMB million in the unit that readers count in: 亿元
  get moneyDigits() { return this.lang === "zh" ? 2 : 0; }
  digitsOfMoney(...amounts) {                                         // three figures of the largest, no more than a table has
    const most = Math.max(0, ...amounts.filter(Number.isFinite).map(Math.abs));
    return Math.min(this.moneyDigits, most >= 100 ? 0 : most >= 10 ? 1 : 2);
  }
  t(key, parts) {
    const text = this.content.words[this.lang][key];
    return text.replace(/\{(\w+)\}/g, (blank, name) => parts && name in parts ? parts[name] : blank);
  }
  pair(name, said) { return `${name}${this.lang === "zh" ? "：" : ": "}${said}`; }
  list(...parts) { return parts.filter(Boolean).join(this.lang === "zh" ? "，" : ", "); }
  sentences(told) { return told.join(this.lang === "zh" ? "" : " "); }          // one after another
  pick(pair) { return pair[this.index] || pair[0]; }
  name(kind, id) { const pair = (this.content.names[kind] || {})[id]; return pair ? this.pick(pair) : id; }
  place(place) {
    if (place === "zone") return this.t("zone_is");
    if (place === "modelled") return this.t("modelled");
    const [kind, id] = place.split(":");
    return this.name(kind, id);
  }
}

function fixed(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const text = Math.abs(value).toLocaleString("en-US", {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return (Number(text.replace(/,/g, "")) !== 0 && value < 0 ? "−" : "") + text;
}
const digitsOf = measure => measure === "employment" ? 0 : 1;
const signed = (value, digits) => (value > 0 && fixed(value, digits) !== fixed(0, digits) ? "+" : "") + fixed(value, digits);
