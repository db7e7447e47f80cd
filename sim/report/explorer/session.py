"""What the server of the explorer answers: questions of tabs, each of which ends the one before."""

import contextlib
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sim.base.errors import InputError, Interrupted, SimError
from sim.base.messages import LANGUAGES, _, translate
from sim.experiments.explorer.controls import Control
from sim.experiments.explorer.live import Kept
from sim.experiments.explorer.opening import Asked
from sim.report.explorer import answers, page
from sim.runs import limits

MOST_TABS = 8
MOST_REPLICATES = 1000
QUICK = 1                      # deflate level of answers that do not leave the machine
SETTLED = 0.08                 # seconds for which a question must stand before anything is simulated for it


@dataclass
class Question:
    """One combination that a tab asks for; `news` wakes whoever waits for its answers."""

    scenario: int
    values: dict[str, Any]
    number: int
    replicates: int
    stop: threading.Event = field(default_factory=threading.Event)
    news: threading.Condition = field(default_factory=threading.Condition)
    fault: tuple[str, ...] | None = None
    begun: set[tuple[int, ...]] = field(default_factory=set)           # chunks that were given to threads
    asked: float = field(default_factory=time.monotonic)
    told: int = 0              # how often there was news

    def tell(self) -> None:
        with self.news:
            self.told += 1
            self.news.notify_all()

    def wait(self, told: int, seconds: float) -> bool:
        """Wait for news beyond those `told`, which may have come meanwhile; whether there are any."""
        with self.news:
            return self.news.wait_for(lambda: self.told > told, seconds)


class Session:
    """Scenarios that are explored, what was simulated of each, and the question of each tab."""

    def __init__(self, asked: Asked, lang: str, replicates: int, jobs: int) -> None:
        self.replicates, self._lang, self._asked = replicates, lang, asked
        self._kept = [Kept(one) for one in asked.opened]
        self._threads = limits.threads(jobs)
        self._questions: dict[str, Question] = {}
        self._idle: Question | None = None
        self._first: Question | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Simulate the opened scenario before the page asks for it: kernels are loaded meanwhile.

        The first replicate goes alone, so that no other thread holds it up; the rest follow it. The question becomes
        that of the first page that asks the same.
        """
        kept = self._kept[0]
        values = {one.name: one.value for one in kept.opened.controls}
        self._first = Question(0, values, -1, self.replicates, asked=time.monotonic() - SETTLED)
        self._submit(self._first, values, kept.lacking(values, self.replicates)[:1])

    def content(self, number: int) -> dict[str, Any]:
        """What the page of a scenario begins with."""
        number = number if 0 <= number < len(self._kept) else 0
        found = page.about(self._kept[number].opened, self._asked, self._lang)
        return {**found, "mode": "live", "replicates": self.replicates, "number": number,
                "scenarios": [list(one.scenario.titles) for one in self._asked.opened]}

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take a question; what is known at once. ValueError for what no page of ours asks."""
        number = int(asked["scenario"])
        kept = self._kept[number]
        values = {one.name: checked(one, asked["values"][one.name], kept) for one in kept.opened.controls}
        replicates = min(MOST_REPLICATES, self.replicates + max(0, int(asked.get("more", 0))))
        question = self._replace(str(asked["tab"])[:40], Question(number, values, int(asked["number"]), replicates))
        try:
            kept.opened.at(values)
        except InputError as error:
            return {"fault": _both(error), "done": 0, "all": 0}
        self._begin(question)
        return self._state(question)

    def answers(self, tab: str, number: int, ping: float) -> Iterator[tuple[str, Any]]:
        """(kind, what is said) as replicates come, until the question is done, replaced or failed."""
        done = -1
        while True:
            question = self._questions.get(tab)
            if question is None or question.number != number:
                yield "replaced", {}
                return
            if question.fault:
                yield "failed", list(question.fault)
                return
            told, state = question.told, self._state(question)
            if state["done"] > max(done, 0):
                done = state["done"]
                yield "answer", state
            if done >= question.replicates:
                return
            if not question.wait(told, ping):
                yield "", {}

    def close(self) -> None:
        """End all threads, each within a quarter of what it simulates."""
        with self._lock:
            for question in (*self._questions.values(), self._idle, self._first):
                if question:
                    question.stop.set()
        self._threads.shutdown(cancel_futures=True)

    def _replace(self, tab: str, question: Question) -> Question:
        """Make a question its tab's; the one before ends, and so does what is simulated while nobody asks.

        One that a later question of its tab has overtaken on the way ends itself.
        """
        with self._lock:
            if tab in self._questions and self._questions[tab].number > question.number:
                question.stop.set()
                return question
            question = self._begun_as(question)
            if len(self._questions) >= MOST_TABS and tab not in self._questions:
                oldest = next(iter(self._questions))
                self._questions.pop(oldest).stop.set()
            before = self._questions.pop(tab, None)
            self._questions[tab] = question
            for other in (before, self._idle, self._first):
                if other and (other.scenario, other.values) != (question.scenario, question.values):
                    other.stop.set()
                    other.tell()
        return question

    def _begun_as(self, question: Question) -> Question:
        """The question that the server began with, if it is the same and no tab has it yet; else the question."""
        first = self._first
        if not first or first.stop.is_set() or (first.scenario, first.values) != (question.scenario, question.values):
            return question
        self._first, first.number, first.replicates = None, question.number, question.replicates
        return first

    def _begin(self, question: Question) -> None:
        """Simulate what a question lacks; the rest of one whose first replicate is under way follow that one."""
        kept = self._kept[question.scenario]
        if question.begun and not kept.sample(question.values):
            return
        lacking = kept.lacking(question.values, question.replicates)
        self._submit(question, question.values, lacking)
        if not lacking:
            self._warm(question)

    def _submit(self, question: Question, values: dict[str, Any], chunks: Iterable[tuple[int, ...]]) -> None:
        """Give chunks to the threads, each once for a question."""
        for chunk in chunks:
            with self._lock:
                if chunk in question.begun:
                    continue
                question.begun.add(chunk)
            self._threads.submit(self._simulate, question, values, chunk).add_done_callback(self._ended)

    def _simulate(self, question: Question, values: dict[str, Any], chunk: tuple[int, ...]) -> None:
        """Simulate a chunk in a thread; what fails is told to the page, and, if it is ours, in the terminal."""
        if question.stop.wait(max(0.0, question.asked + SETTLED - time.monotonic())):
            return
        kept = self._kept[question.scenario]
        if kept.has(values, chunk):                                      # made for one that asked for the same before
            return question.tell()
        try:
            kept.simulate(values, chunk, question.stop)
        except Interrupted:
            return
        except SimError as error:
            question.fault = _both(error)
        except Exception:
            traceback.print_exc()
            question.fault = tuple(translate(_("the program has a fault; the terminal shows it"), lang)
                                   for lang in LANGUAGES)
        question.tell()
        if question is not self._idle and not question.fault:
            self._begin(question)

    def _ended(self, future: Future[None]) -> None:
        with contextlib.suppress(BaseException):
            future.result()

    def _warm(self, question: Question) -> None:
        """While nobody asks, simulate combinations from which estimates are made."""
        kept = self._kept[question.scenario]
        idle = Question(question.scenario, {}, -1, 0)
        with self._lock:
            if question.stop.is_set() or self._idle and not self._idle.stop.is_set():
                return
            self._idle = idle
        for values, chunk in list(kept.warming()):
            self._threads.submit(self._simulate, idle, values, chunk).add_done_callback(self._ended)

    def _state(self, question: Question) -> dict[str, Any]:
        """Where a question stands: replicates done and wanted, and the answer or estimate, if there is one."""
        kept = self._kept[question.scenario]
        found = kept.sample(question.values)
        if found:
            blocks = answers.blocks([found], found.here.axes, QUICK)
            return {"done": min(found.members, question.replicates), "all": question.replicates, "answer": blocks}
        guess = kept.estimated(question.values)
        if not guess:
            return {"done": 0, "all": question.replicates}
        blocks = answers.blocks([guess], guess.axes, QUICK) | {"states": guess.states, "error": guess.error}
        return {"done": 0, "all": question.replicates, "answer": blocks}


def checked(control: Control, value: Any, kept: Kept) -> Any:
    """A number of the page as it is asked for; ValueError for one that no page of ours sends."""
    if control.kind == "places":
        sites = set(kept.opened.region.sites.index)
        if not (isinstance(value, list) and value and all(isinstance(one, str) and one in sites for one in value)):
            raise ValueError(control.name)
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not control.low <= value <= control.high:
        raise ValueError(control.name)
    return float(value) if control.kind == "float" else int(value)


def _both(error: SimError) -> tuple[str, ...]:
    """An error in the languages of the page."""
    if isinstance(error, InputError):
        return tuple("; ".join(problem.told(lang) for problem in error.problems) for lang in LANGUAGES)
    return tuple(translate(error.args[0], lang) if error.args else type(error).__name__ for lang in LANGUAGES)
