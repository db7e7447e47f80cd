// Live: an estimate at once, then paired replicates as they come; a new question ends the one before. What is lost
// on the way, as after a laptop's sleep, is asked for again.

const PAUSE = 60;                     // milliseconds between questions while a slider moves; the first goes at once
const TRIES = 4, FIRST_TRY = 300;     // how often a question that does not arrive is sent again, after milliseconds that double

class Live {
  constructor(app) {
    Object.assign(this, {app, text: "", tab: Math.random().toString(36).slice(2), number: 0, source: null, waiting: null, done: 0, all: 0, lost: 0, more: 0, order: 0, shown: 0, free: 0, tried: 0, away: false, patience: FIRST_TRY});
    for (const event of ["online", "focus", "pageshow", "visibilitychange"]) addEventListener(event, () => this.wake(), true);
  }
  ask(more) {
    clearTimeout(this.waiting);
    this.more = more ? this.more + more : 0;
    this.waiting = setTimeout(() => this.send(), Math.max(0, this.free - performance.now()));
  }
  wake() {
    const broken = !this.source || this.source.readyState === EventSource.CLOSED;
    if (!document.hidden && (this.away || this.number && this.done < this.all && broken)) this.send();
  }
  async send() {
    const number = ++this.number, {app} = this;
    this.free = performance.now() + PAUSE;
    if (this.source) this.source.close();
    let said;
    try {
      const answer = await fetch("/ask", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({tab: this.tab, number, values: app.state.values, scenario: app.content.number, more: this.more})});
      said = await answer.json();
    } catch { return number === this.number ? this.again() : null; }
    if (number !== this.number) return;
    Object.assign(this, {text: "", tried: 0, away: false});
    if (said.fault) { app.answer = null; this.text = app.words.t("failed", {why: app.words.pick(said.fault)}); return app.redraw(); }
    this.done = said.done;
    this.all = said.all;
    if (said.answer) await this.take(said.answer, number); else { app.answer = null; this.text = app.words.t("no_estimate"); app.redraw(); }
    if (said.done < said.all) this.listen(number);
  }
  listen(number) {
    const source = this.source = new EventSource(`/answers?tab=${this.tab}&number=${number}`);
    source.addEventListener("answer", event => {
      this.lost = 0;
      const said = JSON.parse(event.data);
      Object.assign(this, {done: said.done, all: said.all, text: ""});
      this.take(said.answer, number);
      if (said.done >= said.all) source.close();
    });
    source.addEventListener("failed", event => {
      source.close();
      this.text = this.app.words.t("failed", {why: this.app.words.pick(JSON.parse(event.data))});
      this.app.redraw();
    });
    source.addEventListener("replaced", () => source.close());
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) return this.gone();
      this.text = this.app.words.t("lost");
      if (++this.lost > 5) { source.close(); return this.gone(); }
      this.app.redraw();
    };
  }
  async take(packed, number) {
    const order = ++this.order, found = await unpackAnswers(packed);
    if (number !== this.number || order < this.shown) return;          // a later one was unpacked before it
    this.shown = order;
    const about = {kind: packed.states ? "estimate" : "simulated", members: packed.members, states: packed.states, error: packed.error, number};
    this.app.answer = new Answer(found, [[0, 1]], about);
    this.app.redraw();
  }
  again() {
    if (this.tried++ >= TRIES) return this.gone();
    this.text = this.app.words.t("lost");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send(), this.patience * 2 ** (this.tried - 1));
    this.app.redraw();
  }
  gone() {
    this.away = true;
    this.text = this.app.words.t("ended", {command: ["sim explore", ...this.app.content.files.given.map(quoted)].join(" ")});
    this.app.redraw();
  }
  progress() {
    const words = this.app.words;
    return this.done < this.all ? words.t("running", {n: this.done, all: this.all}) : words.t("finished", {n: this.done});
  }
}
