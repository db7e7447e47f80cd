"""Arguments of the public calls as the packages below take them, and warnings of the line that called."""

import os
import warnings
from collections.abc import Iterable, Mapping

from sim.base.errors import MOST_LINES, InputError, Problem, ScenarioWarning
from sim.base.messages import LANGUAGES, _

PathLike = str | os.PathLike[str]
Settings = Mapping[str, object] | Iterable[str]      # {"time.end": "2035-12-31"}, or texts "time.end=2035-12-31"
EXPECTED = {"jobs": _("1 or more"), "precision": _("a number above 0"), "draws": _("0, or 2 and more"),
            "per_draw": _("2 or more"), "shard": _("(i, n) with 1 <= i <= n"), "limit": _("1 second or more"),
            "replicates": _("1 or more")}


def texts(settings: Settings, replicates: int | None = None, seed: int | None = None) -> tuple[str, ...]:
    """The settings as the texts "key=value" of a command, replicates and seed last.

    >>> texts({"time.end": "2035-12-31", "policies.tod.bonus": 0.2}, replicates=20)
    ('time.end=2035-12-31', 'policies.tod.bonus=0.2', 'run.replicates=20')
    """
    from sim.config.toml_file import format_value

    if isinstance(settings, Mapping):
        settings = [f"{key}={value if isinstance(value, str) else format_value(value)}"
                    for key, value in settings.items()]
    given = {"run.replicates": replicates, "run.seed": seed}
    return (*settings, *(f"{key}={value}" for key, value in given.items() if value is not None))


def known(languages: str | Iterable[str]) -> tuple[str, ...]:
    """Languages of figures and pages, each once."""
    given = tuple(dict.fromkeys([languages] if isinstance(languages, str) else languages))
    if unknown := [each for each in given if each not in LANGUAGES]:
        raise InputError(Problem("", "languages", _("there are no figures and pages in {language}",
                                                    language=repr(unknown[0])), ", ".join(LANGUAGES)))
    return given


def workers(jobs: int | None) -> int:
    """Threads or processes: as many as are asked for, by default one a processor."""
    from sim.runs import limits

    refuse(jobs=jobs is None or jobs > 0)
    return jobs or limits.processors()


def refuse(**good: bool) -> None:
    """InputError naming the arguments that are not good."""
    if bad := [name for name, holds in good.items() if not holds]:
        raise InputError(Problem("", name, _("the value is out of range"), EXPECTED[name]) for name in bad)


def warn(texts: Iterable[str | Problem], category: type[Warning] = ScenarioWarning) -> None:
    """Say texts as warnings of the line that called the public function, the first of many and how many more."""
    every = [text for text in texts if text]
    most = len(every) if len(every) <= MOST_LINES + 1 else MOST_LINES
    for text in every[:most]:
        warnings.warn(category(text), stacklevel=3)
    if len(every) > most:
        warnings.warn(category(_("and {count:,} more", count=len(every) - most)), stacklevel=3)
