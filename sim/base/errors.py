"""What can go wrong for a user, and the exit code each kind ends with.

Anything else that is raised is our bug and keeps its traceback.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.base.messages import Message, _, translate, with_chinese

MOST_LINES = 20                # of one kind, told at once
ONE_LINE = _("text on one line without control characters")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where, which key, what is wrong, what is expected and what to do.

    >>> str(Problem("a.toml:3:1", "time.start", _("{date} is no date", date="2026/01/01"), _("YYYY-MM-DD")))
    'a.toml:3:1: time.start: 2026/01/01 is no date; expected YYYY-MM-DD'
    """

    where: str                 # "file:line:column", "file row 7" or "" when there is no file
    key: str                   # dotted key or column name
    wrong: str                 # what is wrong
    expected: str = ""         # what may stand there
    remedy: str = ""           # what to do, "did you mean ..." included

    def told(self, lang: str) -> str:
        """The problem in one line, in a language."""
        where = translate(self.where, lang) if isinstance(self.where, Message) else self.where
        head = [str(part) for part in (where, self.key) if part]
        expected = _("expected {what}", what=self.expected) if self.expected else ""
        tail = [translate(part, lang) for part in (self.wrong, expected, self.remedy) if part]
        return printable(translate(_(": "), lang).join([*head, translate(_("; "), lang).join(tail)]))

    def texts(self) -> dict[str, str]:
        """The problem in both languages, as results keep it."""
        return {"text": self.told("en"), "text_zh": self.told("zh")}

    def __str__(self) -> str:
        return self.told("en")


def row_of(file: object, row: int) -> Message:
    """Where a problem of a table is.

    >>> row_of("sites.csv", 7)
    'sites.csv row 7'
    """
    return _("{file} row {row}", file=str(file), row=int(row))


class SimError(Exception):
    """Base of every error that is the input's or the machine's fault, never ours; its one argument is a text."""

    exit_code = 2

    def told(self, lang: str) -> str:
        """The error in a language, a line for each thing wrong."""
        return translate(self.args[0], lang) if self.args else ""


class InputError(SimError):
    """Bad input: carries every problem found, one line each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[list[Problem]], dict[str, Any]]:
        return type(self), (self.problems,), {**self.__dict__}     # as it comes from another process

    def told(self, lang: str) -> str:
        """Every problem in a language, a line each."""
        return "\n".join(problem.told(lang) for problem in self.problems)


class SomeRunsFailed(SimError):
    """Work finished, but some runs have no result, some theorems fail, or a search found nothing."""

    exit_code = 3


class NoSolution(SomeRunsFailed):
    """A search went all the way and found nothing that does what was asked."""


class OutputError(SimError):
    """The place for outputs cannot be written or read."""

    exit_code = 4


class Unanswered(OutputError):
    """Workers or a cluster that do not answer; what is finished is kept, and the same command continues."""


class LockedError(SimError):
    """Another process is writing to the same place."""

    exit_code = 5


class CorruptError(SimError):
    """A stored file is not what was written."""

    exit_code = 6


class Interrupted(SimError):
    """Stopped by the user; what is finished is kept, and the same command continues."""

    exit_code = 130


class ScenarioWarning(UserWarning):
    """What is probably not meant in a scenario, a Problem or a text; it can be run all the same."""


class ScenarioNote(ScenarioWarning):
    """What is made of a request that says less, or other things, than is needed; nothing is wrong with it."""


class FailedRunsWarning(UserWarning):
    """Work finished, but some runs have no result."""


def in_a_line(error: BaseException) -> Message:
    """What an error says, in one line and in both languages; a bug has its kind before it.

    >>> in_a_line(ValueError("no\\nnumber"))
    'ValueError: no number'
    """
    kind = "" if isinstance(error, SimError) else f"{type(error).__name__}: "
    texts = [error.told(lang) if isinstance(error, SimError) else str(error) for lang in ("en", "zh")]
    en, zh = (kind + " ".join(text.split()) for text in texts)
    return with_chinese(en, zh)


def has_control(text: str) -> bool:
    """Whether a text holds what neither a table nor a drawing may: line ends, escapes, halves of characters.

    >>> has_control("a\\x1b[31mb"), has_control("西岑 Xicen")
    (True, False)
    """
    return bool(_CONTROL.search(text))


def printable(text: object) -> str:
    """The text with control and direction characters escaped, safe for a terminal.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in str(text))
