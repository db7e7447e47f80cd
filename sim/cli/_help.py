"""Help in the language of the locale: commands with their texts told in it, set for a terminal."""

import contextlib
import copy
import gettext
import inspect
import os
import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

import click

from sim.base.messages import CATALOGUES, LOCALE, known, locale_language

Told = TypeVar("Told", bound=click.Command)

EXAMPLE = re.compile(r"(\s*)((?:sim |--).*?(?:\s{2,}|$))?(.*)")          # indent, a command, what is said of it
WIDE = "[\u2e80-\u9fff\uff00-\uffef]"
CLOSING = "[、。，；：）”！？]"


@contextlib.contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Inside, the language of the process is this one, also for click, which asks gettext."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    os.environ["LANGUAGE"] = CATALOGUES.get(lang, lang)
    gettext.bindtextdomain("sim", LOCALE)
    gettext.textdomain("sim")
    try:
        yield
    finally:
        gettext.textdomain(domain)
        del os.environ["LANGUAGE"]
        os.environ |= {} if before is None else {"LANGUAGE": before}


def asked(arguments: Sequence[str]) -> str:
    """The language that arguments ask for, else that of the locale."""
    found = re.search(r"(?:^|\0)--lang[=\0](zh|en)(?:\0|$)", "\0".join(arguments))
    return found[1] if found else locale_language()


def texts(command: click.Command) -> Iterator[str]:
    """What a command's help says, text by text."""
    yield from (text for piece in _pieces(command.help or "") for text in piece[1::2])
    for parameter in command.params:
        yield from filter(None, (getattr(parameter, "help", ""), _metavar(parameter)))
    yield from filter(None, (command.options_metavar, getattr(command, "subcommand_metavar", "")))


def told(command: Told) -> Told:
    """The command with its help in the language of the locale."""
    lang = locale_language()
    if lang == "en":
        return command
    found = copy.copy(command)
    found.context_class, found._help_option = _Context, None                       # click keeps it, in one language
    found.help = "\n".join("".join(_spaced(known(text, lang)) if k % 2 else text for k, text in enumerate(piece))
                           for piece in _pieces(command.help))
    found.params = [_parameter(each, lang) for each in command.params]
    for name in ("options_metavar", "subcommand_metavar"):
        if getattr(command, name, None):
            setattr(found, name, _spaced(known(getattr(command, name), lang)))
    return found


def _parameter(parameter, lang):
    found = copy.copy(parameter)
    found.type = copy.copy(parameter.type)
    found.type.name = known(parameter.type.name.upper(), lang)
    if getattr(parameter, "help", None):
        found.help = _spaced(known(parameter.help, lang))
    if _metavar(parameter):
        found.metavar = _spaced(known(_metavar(parameter), lang))
    return found


def _metavar(parameter):
    """What stands for the value of an option; the arguments of a command and lists of choices have no other name."""
    if isinstance(parameter, click.Argument) or isinstance(parameter.type, click.Choice) or parameter.is_flag:
        return ""
    return parameter.metavar or parameter.type.name.upper()


def _pieces(docstring):
    """The docstring in lines, each with what can be translated at its odd places: a paragraph, or of a block of
    examples what is not a command."""
    for paragraph in inspect.cleandoc(docstring).split("\n\n"):
        if not paragraph.startswith("\b"):
            yield ["", " ".join(paragraph.split("\n")), "\n"]
            continue
        for line in paragraph.split("\n"):
            indent, example, text = EXAMPLE.fullmatch(line).groups(default="")
            yield [indent + example, text] if text.strip("\b") else [line]
        yield [""]


class _Formatter(click.HelpFormatter):
    """Breaks Chinese into lines by its width on a terminal."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def getvalue(self) -> str:
        return re.sub(f"(?<={WIDE})[ \0]", "", super().getvalue())


class _Context(click.Context):
    formatter_class = _Formatter


def _spaced(text):
    """A text whose wide characters take two columns, and at which click may break lines, but not before a stop."""
    return re.sub(f"({WIDE})(?={CLOSING})", "\\1\0", re.sub(f"({WIDE})(?!{CLOSING})", r"\1 ", text))
