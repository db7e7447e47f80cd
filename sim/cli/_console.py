"""JSON on stdout; errors, warnings and notes on stderr, each with its kind in front, in the reader's language."""

import json
import pathlib
import shlex
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click
from click.core import ParameterSource

from sim.base.errors import MOST_LINES, InputError, Problem, SimError, printable
from sim.base.messages import LANGUAGES, Message, _, locale_language, translate

KINDS: dict[str, tuple[Message, dict[str, Any]]] = {
    "error": (_("error: "), {"fg": "red"}), "warning": (_("warning: "), {"fg": "yellow"}),
    "note": (_("note: "), {"dim": True})}


def typed() -> str:
    """The command as it was typed."""
    return shlex.join(["sim", *sys.argv[1:]])


def print_json(value: Any, default: Callable[[Any], Any] | None = None) -> None:
    """A value as JSON on stdout; `default` makes what JSON does not know."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=default))


def error(found: SimError | str) -> None:
    """An error; one that carries several problems is a line for each."""
    tell("error", found.problems if isinstance(found, InputError) else [found])


def tell(kind: str, texts: Iterable[Problem | SimError | str]) -> None:
    """Texts of one kind, each on a line of its own, nothing in them able to steer the terminal."""
    texts, (head, style), lang = list(texts), KINDS[kind], locale_language()
    most = len(texts) if len(texts) <= MOST_LINES + 1 else MOST_LINES
    for text in texts[:most]:
        told = translate(text, lang) if isinstance(text, (Message, str)) else text.told(lang)
        _line(translate(head, lang) + told, style)
    if len(texts) > most:
        _line(translate(_("and {count:,} more", count=len(texts) - most), lang), style)


def directions(opened: pathlib.Path | None, *commands: list[str], lang: str = "") -> None:
    """What to open, if there is something, and the commands that come next, in the language asked for; on stderr."""
    lang = lang or locale_language()
    if opened is not None:
        _line(translate(_("Report: {file}", file=opened), lang), {})
    if commands:
        more = ["--lang", lang] if _is_asked() else []
        said = "   |   ".join(shlex.join([*words, *more]) for words in commands)
        _line(translate(_("Next: {commands}", commands=said), lang), {})


def _is_asked() -> bool:
    """Whether the command was called with --lang and one language."""
    asked = click.get_current_context()
    typed = {asked.get_parameter_source(name) for name in ("lang", "languages")}
    return ParameterSource.COMMANDLINE in typed and len(asked.params.get("languages", "")) < len(LANGUAGES)


def _line(text: str, style: dict[str, Any]) -> None:
    for line in text.split("\n"):                # an error may have a list under it
        click.secho(printable(line), err=True, **style)
