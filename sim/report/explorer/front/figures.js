// The figures: each has a title, a note, a picture and the table behind it.

const FIGURES = [
  {id: "map", draw: mapPicture, wide: true, note: app => app.words.t("map_note", {near: app.content.map.rings[0], far: app.content.map.rings[1]}), table: mapTable},
  {id: "paths", draw: drawPaths, table: pathTable, of: "cell"},
  {id: "effect_path", note: app => app.words.t("effect_note"), draw: drawEffect, table: pathTable, of: "cell"},
  {id: "by_industry", note: byNote, draw: (app, width) => drawGroups(app, width, "industry"), table: app => groupTable(app, "industry")},
  {id: "by_type", note: byNote, draw: (app, width) => drawGroups(app, width, "hq_type"), table: app => groupTable(app, "hq_type")},
  {id: "parts", wide: true, note: app => app.words.t("parts_note", {year: app.yearNumber()}), draw: drawParts, table: partTable},
  {id: "accounts", wide: true, draw: drawAccounts, table: accountTable},
];
const noteOf = (figure, app) => figure.note ? figure.note(app) : app.words.t(`${figure.id}_note`);
function byNote(app) { return app.words.t("by_note", {year: app.yearNumber()}); }

function drawPaths(app, width) {
  const {answer, words} = app, [measure, cell] = [app.state.measure, app.cell()];
  const base = answer.series(measure, cell, "base"), mean = answer.series(measure, cell, "mean");
  const level = base.map((value, k) => value + mean[k]);
  const bands = [{low: answer.series(measure, cell, "low"), high: answer.series(measure, cell, "high"), colour: BAND}];
  return lineChart(width, 260, words.t("paths"), app.years(), [{values: base, colour: MUTED, dash: "6 3"}, {values: level, colour: GAIN}],
                   answer.members > 1 ? bands : [], app.state.year);
}

function drawEffect(app, width) {
  const {answer, words} = app, [measure, cell] = [app.state.measure, app.cell()];
  const mean = answer.series(measure, cell, "mean"), se = answer.series(measure, cell, "se");
  const bands = [{low: mean.map((v, k) => v - Z * se[k]), high: mean.map((v, k) => v + Z * se[k]), colour: BAND}];
  return lineChart(width, 220, words.t("effect_path"), app.years(), [{values: mean, colour: GAIN}], bands, app.state.year);
}

function pathCaption(app) { return app.words.list(app.words.t(app.state.measure), app.words.place(app.state.place) + app.selected()); }
function pathTable(app) {
  const {answer, words} = app, [measure, cell] = [app.state.measure, app.cell()];
  const get = stat => answer.series(measure, cell, stat), [base, mean, se, low, high] = Object.keys(STAT).map(get);
  const f = value => fixed(value, digitsOf(measure));
  return {head: ["year", "base", "value", "effect", "error", "low", "high"].map(one => words.t(`col_${one}`)),
    rows: app.years().map((year, k) => [String(year), f(base[k]), f(base[k] + mean[k]), f(mean[k]), f(Z * se[k]), f(low[k]), f(high[k])]),
    caption: pathCaption(app)};
}

function mapTable(app) {
  const {answer, words, content} = app, {measure, year} = app.state;
  const f = value => fixed(value, digitsOf(measure));
  return {head: ["place", "base", "value", "effect", "error"].map(one => words.t(`col_${one}`)),
    rows: content.map.places.map(one => {
      const cell = `site:${one.id}||`, base = answer.at(measure, cell, "base", year), mean = answer.at(measure, cell, "mean", year);
      return [words.name("site", one.id), f(base), f(base + mean), f(mean), f(Z * answer.at(measure, cell, "se", year))];
    }), caption: words.list(words.t(measure), app.yearNumber())};
}

function groupRows(app, kind) {
  // Effects on the zone by industry or type; employment is not recorded by them.
  const {answer, words, content} = app, measure = app.state.measure === "employment" ? "headquarters" : app.state.measure;
  return Object.keys(content.names[kind]).map(id => {
    const cell = kind === "industry" ? `zone|${id}|` : `zone||${id}`;
    return {label: words.name(kind, id), base: answer.at(measure, cell, "base", app.state.year),
            value: answer.at(measure, cell, "mean", app.state.year), error: Z * answer.at(measure, cell, "se", app.state.year)};
  });
}
function drawGroups(app, width, kind) {
  const rows = groupRows(app, kind).map(one => ({...one, colour: barColour(one), number: withError(one)}));
  return barChart(width, app.words.t(kind === "industry" ? "by_industry" : "by_type"), rows);
}
// An effect within two standard errors of none is grey, as on the map.
const barColour = one => Math.abs(one.value) * Z < 2 * one.error ? UNCLEAR_BAR : one.value < 0 ? LOSS_BAR : GAIN_BAR;
function withError(one) { return `${signed(one.value, 1)}${Number.isFinite(one.error) ? ` ± ${fixed(one.error, 1)}` : ""}`; }
function groupTable(app, kind) {
  const words = app.words, f = value => fixed(value, 1);
  return {head: ["item", "base", "value", "effect", "error"].map(one => words.t(`col_${one}`)),
    rows: groupRows(app, kind).map(one => [one.label, f(one.base), f(one.base + one.value), f(one.value), f(one.error)]),
    caption: words.list(words.t(app.state.measure === "employment" ? "headquarters" : app.state.measure), words.t("zone_is"), app.yearNumber())};
}

function partRows(app) {
  const {answer, words} = app, year = app.state.year;
  return answer.found.labels.parts.map((part, k) => ({label: words.name("part", part), value: answer.part(k, year), error: Z * answer.part(k, year, true)}));
}
function drawParts(app, width) {
  const rows = partRows(app).filter(one => Math.abs(one.value) >= 0.05)
    .map(one => ({...one, colour: barColour(one), number: withError(one)}));
  const whole = {label: app.words.t("col_effect"), value: app.answer.at("headquarters", "zone||", "mean", app.state.year),
                 error: Z * app.answer.at("headquarters", "zone||", "se", app.state.year), colour: "#4a4a4a"};
  return barChart(width, app.words.t("parts"), [...rows, {...whole, number: withError(whole)}]);
}
function partTable(app) {
  const words = app.words;
  return {head: ["item", "effect", "error"].map(one => words.t(`col_${one}`)),
    rows: partRows(app).map(one => [one.label, fixed(one.value, 2), fixed(one.error, 2)]),
    caption: words.list(words.t("headquarters"), words.t("zone_is"), app.yearNumber())};
}

function accountOf(app, authority, item) {
  const number = app.answer.found.labels.items.indexOf(item);
  return [app.answer.account(authority, number), Z * app.answer.account(authority, number, true)].map(v => v / app.words.moneyUnit);
}
const isWorse = (app, mean, half) => mean < 0 && -mean >= 2 * half / Z && mean * app.words.moneyUnit <= -0.5;
function drawAccounts(app, width) {
  const {answer, words} = app, names = answer.found.labels.authorities;
  if (!names.length) return el("p", {class: "note"}, words.t("no_accounts"));
  const rows = names.map((name, k) => {
    const [value, error] = accountOf(app, k, "after"), digits = words.digitsOfMoney(value, error);
    return {label: words.name("authority", name), value, error, colour: isWorse(app, value, error) ? LOSS_BAR : value < 0 ? UNCLEAR_BAR : barColour({value, error}),
            number: `${signed(value, digits)}${Number.isFinite(error) ? ` ± ${fixed(error, digits)}` : ""}`};
  });
  return barChart(width, words.t("accounts"), rows);
}
function accountTable(app) {
  const {answer, words} = app, labels = answer.found.labels;
  return {head: [words.t("col_authority"), ...labels.items.flatMap(item => [words.name("item", item), words.t("col_error")])],
    rows: labels.authorities.map((name, k) => [words.name("authority", name), ...labels.items.flatMap(item => accountOf(app, k, item).map(v => fixed(v, words.moneyDigits)))]),
    caption: words.t("accounts_caption")};
}

function cards(app) {
  // Number, price and loser, in words and figures.
  const {answer, words} = app, {measure, year} = app.state, digits = digitsOf(measure);
  const cell = app.cell(), mean = answer.at(measure, cell, "mean", year), half = Z * answer.at(measure, cell, "se", year);
  const base = answer.at(measure, cell, "base", year);
  const main = el("li", {}, el("b", {id: "number"}, signed(mean, digits), Number.isFinite(half) ? el("span", {class: "half"}, ` ± ${fixed(half, digits)}`) : null),
    el("span", {}, words.t("card_number", {measure: words.t(measure), place: words.place(app.state.place) + app.selected(), year: app.yearNumber()})),
    el("small", {}, words.t("card_base", {base: fixed(base, digits), value: fixed(base + mean, digits)})),
    Number.isFinite(half) && Math.abs(mean) * Z < 2 * half ? el("small", {}, words.t("unclear")) : null);
  return el("ul", {class: "cards"}, main, ...money(app));
}
function money(app) {
  const {answer, words} = app, names = answer.found.labels.authorities;
  if (!names.length) return [];
  const sum = item => { const k = answer.found.labels.items.indexOf(item); return [answer.sum(k), Z * answer.sum(k, true)].map(v => v / words.moneyUnit); };
  const half = (error, digits) => Number.isFinite(error) ? el("span", {class: "half"}, ` ± ${fixed(error, digits)}`) : null;
  const [cost, costError] = sum("costs"), spent = -cost, [after, afterError] = sum("after"), last = app.years().length - 1;
  const spentDigits = words.digitsOfMoney(spent, costError), afterDigits = words.digitsOfMoney(after, afterError);
  const gained = answer.at("headquarters", "zone||", "mean", last), error = answer.at("headquarters", "zone||", "se", last);
  const price = el("li", {}, el("b", {}, fixed(spent, spentDigits), half(costError, spentDigits)), el("span", {}, words.t("card_price")),
    gained > 2 * error && spent > 0 ? el("small", {}, words.t("card_price_each", {each: fixed(spent / gained, words.digitsOfMoney(spent / gained))})) : null);
  const net = el("li", {}, el("b", {}, signed(after, afterDigits), half(afterError, afterDigits)), el("span", {}, words.t("card_net")),
    Number.isFinite(afterError) && Math.abs(after) * Z < 2 * afterError ? el("small", {}, words.t("unclear")) : null);
  return [price, net, loser(app, names)];
}
function loser(app, names) {
  const {answer, words} = app;
  const losers = names.map((name, k) => [name, ...accountOf(app, k, "after")]).filter(([, mean, half]) => isWorse(app, mean, half)).sort((a, b) => a[1] - b[1]);
  if (losers.length) {
    const [name, mean, half] = losers[0], digits = words.digitsOfMoney(mean, half);
    return el("li", {class: "loss"}, el("b", {}, signed(mean, digits), el("span", {class: "half"}, ` ± ${fixed(half, digits)}`)),
      el("span", {}, words.t("card_loser", {name: words.name("authority", name)})), el("small", {}, losers.length > 1 ? words.t("card_losers", {names: losers.slice(1).map(one => words.name("authority", one[0])).join(words.lang === "zh" ? "、" : ", ")}) : words.t("card_loser_accounts")));
  }
  return el("li", {}, el("b", {}, "0"), el("span", {}, words.t("nobody")));
}

function story(app, place) {
  // What is known of a place at the chosen year, as sentences.
  const {answer, words, content} = app, {measure, year} = app.state, cell = `${place}||`, digits = digitsOf(measure);
  if (!answer || !answer.has(measure, cell)) return [words.t("story")];
  const get = stat => answer.at(measure, cell, stat, year), site = content.map.places.find(one => `site:${one.id}` === place);
  const said = [words.t("story_level", {year: app.yearNumber(), base: fixed(get("base"), digits), unit: words.t(`unit_${measure}`),
    value: fixed(get("base") + get("mean"), digits), effect: signed(get("mean"), digits), error: fixed(Z * get("se"), digits)})];
  if (site) said.unshift(words.t("story_where", {ring: words.name("ring", site.ring), jurisdiction: words.name("jurisdiction", site.jurisdiction)}));
  const whole = answer.at(measure, "zone||", "mean", year);
  if (site && site.zone && Math.abs(whole) > 2 * answer.at(measure, "zone||", "se", year)) {
    said.push(words.t("story_share", {share: `${fixed(100 * get("mean") / whole, 0)}%`}));
  }
  const jurisdiction = site ? site.jurisdiction : place.replace("jurisdiction:", ""), k = answer.found.labels.authorities.indexOf(jurisdiction);
  if (k >= 0) {
    const [value, error] = accountOf(app, k, "after"), exact = words.digitsOfMoney(value, error);
    said.push(words.t("story_accounts", {jurisdiction: words.name("jurisdiction", jurisdiction), value: signed(value, exact), error: fixed(error, exact)}));
  }
  return said;
}
