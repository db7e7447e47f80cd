"""What can go wrong for a user, and the exit code each kind ends with.

Anything else that is raised is our bug and keeps its traceback.
"""

import re
from dataclasses import dataclass

MOST_LINES = 20                # of one kind, told at once
ONE_LINE = "text on one line without control characters"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where, which key, what was found and what to do."""

    where: str                 # "file:line:column", "file row 7" or "" when there is no file
    key: str                   # dotted key or column name
    found: str                 # what stands there now
    allowed: str = ""          # what may stand there
    remedy: str = ""           # what to do, "did you mean ..." included

    def __str__(self):
        head = ": ".join(part for part in (self.where, self.key) if part)
        tail = ", ".join(part for part in (f"found {self.found}",
                                           f"allowed {self.allowed}" if self.allowed else "",
                                           self.remedy) if part)
        return printable(f"{head}: {tail}")


class SimError(Exception):
    """Base of every error that is the input's or the machine's fault, never ours."""

    exit_code = 2


class InputError(SimError):
    """Bad input: carries every problem found, one line each."""

    def __init__(self, problems):
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self):
        return type(self), (self.problems,), {**self.__dict__}     # as it comes from another process


class SomeRunsFailed(SimError):
    """Work finished, but some runs have no result, some theorems fail, or a search found nothing."""

    exit_code = 3


class NoSolution(SomeRunsFailed):
    """A search went all the way and found nothing that does what was asked."""


class OutputError(SimError):
    """The place for outputs cannot be written or read."""

    exit_code = 4


class Unanswered(OutputError):
    """Workers or a cluster that do not answer; what is finished is kept and the same command goes on."""


class LockedError(SimError):
    """Another process is writing to the same place."""

    exit_code = 5


class CorruptError(SimError):
    """A stored file is not what was written."""

    exit_code = 6


class Interrupted(SimError):
    """Stopped by the user; what is finished is kept and the same command goes on."""

    exit_code = 130


def has_control(text):
    """Whether a text holds what neither a table nor a drawing may: line ends, escapes, halves of characters.

    >>> has_control("a\\x1b[31mb"), has_control("西岑 Xicen")
    (True, False)
    """
    return bool(_CONTROL.search(text))


def briefly(lines):
    """The first lines of many, and how many more there are.

    >>> list(briefly(["a"] * 20000))[-1]
    'and 19,980 more'
    """
    lines = list(lines)
    if len(lines) <= MOST_LINES + 1:
        return lines
    return [*lines[:MOST_LINES], f"and {len(lines) - MOST_LINES:,} more"]


def printable(text):
    """The text with control and direction characters escaped, safe for a terminal.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii")
                   for c in str(text))
