// The ring map: districts, lakes, stations, rings, and a symbol a place, which can be chosen.

function mapPicture(app, width) {
  const {content, words} = app, base = content.map, answer = app.answer, zone = base.places.filter(one => one.zone);
  const away = Math.max(...zone.map(one => Math.max(Math.abs(one.x), Math.abs(one.y))));
  const half = Math.max(1.25 * away, 1.1 * Math.max(0, ...base.rings)), height = Math.min(width, 560);
  const scale = Math.min(width, height) / (2 * half);
  const px = x => width / 2 + x * scale, py = y => height / 2 - y * scale;
  const shape = points => points.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(" ");
  const now = app.quarter === null ? app.yearNumber() : Number(answer.quarters("headquarters")[app.quarter].slice(0, 4));
  const ground = [svg("rect", {width, height, fill: "#fff"})];
  for (const [jurisdiction, points] of base.districts) ground.push(district(app, jurisdiction, shape(points)));
  for (const one of base.lakes) ground.push(svg("polygon", {points: shape(one), fill: "#C3DCEB", stroke: "#8FB0C6", "stroke-width": 0.6}));
  for (const [x, y, opened] of base.stations) {           // no lines: straight ones would cross where no railway does
    const open = opened && Number(opened) <= now;
    ground.push(svg("rect", {x: px(x) - 2.5, y: py(y) - 2.5, width: 5, height: 5, fill: open ? "#4A4A4A" : "#fff", stroke: "#4A4A4A", "stroke-width": 0.8}));
  }
  for (const radius of base.rings) {
    ground.push(svg("circle", {cx: px(0), cy: py(0), r: radius * scale, fill: "none", stroke: MUTED, "stroke-dasharray": radius === base.rings[1] ? "5 3" : null}));
    ground.push(text(px(0), py(-radius) + 4, words.t("km", {n: radius}), {"text-anchor": "middle", fill: MUTED, "font-size": 10, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke"}));
  }
  const near = base.places.filter(one => Math.abs(px(one.x) - width / 2) < width / 2 - 8 && Math.abs(py(one.y) - height / 2) < height / 2 - 8);
  const effect = app.state.map !== "level", measure = app.state.measure, year = app.state.year;
  const get = (one, stat) => app.quarter === null ? answer.at(measure, `site:${one.id}||`, stat, year) : answer.ofQuarter(one.id, stat, app.quarter);
  const value = one => !answer ? 0 : get(one, "mean") + (effect ? 0 : get(one, "base"));
  const unclear = one => answer && effect && Math.abs(get(one, "mean")) < 2 * get(one, "se");
  const most = mapScale(app, effect), side = v => Math.max(3, (effect ? 22 : 30) * Math.sqrt(Math.abs(v) / most));
  const least = measure === "employment" ? 50 : 0.1;
  const symbols = [...near].sort((a, b) => Math.abs(value(b)) - Math.abs(value(a))).map(one => {
    const v = value(one), r = side(v), small = Math.abs(v) < least;
    const colour = small ? "#8c8c8c" : v > 0 ? GAIN : LOSS, chosen = app.state.place === `site:${one.id}`;
    const faint = !small && unclear(one);
    const common = {fill: faint ? "#b9b9b9" : colour, "fill-opacity": faint ? 0.45 : 0.78, stroke: chosen ? "#000" : faint ? "#8c8c8c" : "#fff", "stroke-width": chosen ? 3 : 1};
    const mark = v < 0 && !small ? svg("polygon", {points: [[-r, -0.8 * r], [r, -0.8 * r], [0, r]].map(([a, b]) => `${px(one.x) + a},${py(one.y) + b}`).join(" "), ...common})
      : svg("circle", {cx: px(one.x), cy: py(one.y), r, ...common});
    const said = words.pair(words.name("site", one.id), effect ? signed(v, digitsOf(measure)) : fixed(v, digitsOf(measure)));
    return chosenBy(app, `site:${one.id}`, said, mark);
  });
  const labels = placedLabels(near.filter(one => one.zone || Math.abs(value(one)) >= least * 5), one => ({x: px(one.x), y: py(one.y), r: side(value(one)),
    words: words.pick(one.short)}), width, height);
  const title = words.pair(words.t("map"), `${words.t(app.state.map === "level" ? "map_level" : "map_effect")} · ${app.moment()}`);
  const made = picture(width, height, title, ground, symbols, labels, mapKey(app, most, side, height));
  made.setAttribute("role", "group");
  return made;
}

function district(app, jurisdiction, points) {
  // A district, which can be chosen as its jurisdiction: a part of the jurisdiction where that has more.
  const {words, answer} = app, place = `jurisdiction:${jurisdiction}`, {measure, year} = app.state;
  const plain = {points, fill: "#F4EFE3", stroke: "#8A7F68"};
  if (!Object.hasOwn(app.content.names.jurisdiction, jurisdiction)) return svg("polygon", plain);
  const known = answer && answer.has(measure, `${place}||`) && app.quarter === null;
  const name = words.name("jurisdiction", jurisdiction);
  const said = known ? words.pair(name, signed(answer.at(measure, `${place}||`, "mean", year), digitsOf(measure))) : name;
  return chosenBy(app, place, said, svg("polygon", {...plain, ...(app.state.place === place ? {fill: "#EADFC4", stroke: INK, "stroke-width": 2} : {})}));
}
function chosenBy(app, place, said, mark) {
  // What of the map can be chosen, by a click or by the keyboard, and tells its story when it is pointed at.
  return svg("g", {class: "place", tabindex: 0, role: "button", "aria-label": said, "aria-pressed": String(app.state.place === place), "data-place": place,
    onclick: () => app.choose(place), onmouseenter: () => app.tell(place), onmouseleave: () => app.tell(null), onfocus: () => app.tell(place),
    onkeydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); app.choose(place); } }},
    svg("title", {}, said), mark);
}

function mapScale(app, effect) {
  // One scale for all years, so that play shows growth.
  const {answer, content} = app, measure = app.state.measure;
  if (!answer) return 1;
  let most = measure === "employment" ? 500 : 1;
  for (const one of content.map.places) {
    if (!one.zone && effect === false) continue;
    const mean = answer.series(measure, `site:${one.id}||`, "mean"), base = answer.series(measure, `site:${one.id}||`, "base");
    for (let k = 0; k < mean.length; k++) most = Math.max(most, Math.abs(effect ? mean[k] : mean[k] + base[k]));
  }
  return most;
}

function mapKey(app, most, side, height) {
  const power = 10 ** Math.floor(Math.log10(most)), number = [5, 2, 1].map(k => k * power).find(k => k <= most);
  const r = side(number);
  return svg("g", {"aria-hidden": "true"}, svg("circle", {cx: 14 + r, cy: height - 12 - r, r, fill: "none", stroke: INK}),
    text(22 + 2 * r, height - 8 - r, app.words.t("map_key", {n: fixed(number, number < 1 ? 1 : 0), unit: app.words.t(`unit_${app.state.measure}`)}), {"font-size": 11, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke"}));
}

function placedLabels(places, where, width, height) {
  // Labels beside their symbols, where they hit no other label and, if they can, no other symbol: right, left, below, above; else none.
  const boxes = [], found = [], symbols = places.map(where), marks = symbols.map(one => [one.x - one.r, one.y - one.r, one.x + one.r, one.y + one.r]);
  const hits = (box, others) => others.some(one => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]);
  for (const one of symbols.sort((a, b) => b.r - a.r)) {
    const wide = textWidth(one.words, 11);
    const tries = [[one.x + one.r + 3, one.y + 4], [one.x - one.r - 3 - wide, one.y + 4], [one.x - wide / 2, one.y + one.r + 12], [one.x - wide / 2, one.y - one.r - 4]];
    const boxed = ([x, y]) => [x, y - 10, x + wide, y + 2];
    const fit = tries.filter(([x, y]) => x > 2 && x + wide < width - 2 && y > 10 && y < height - 4 && !hits(boxed([x, y]), boxes));
    const free = fit.find(one => !hits(boxed(one), marks)) || fit[0];
    if (!free) continue;
    boxes.push(boxed(free));
    found.push(text(free[0], free[1], one.words, {"font-size": 11, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke", "pointer-events": "none", "aria-hidden": "true"}));
  }
  return found;
}
