"""Keeps the Chinese catalogue in step with the English texts.

`python docs/catalogue.py` takes every text from the code and from the tables of words, brings
sim/data/locale/zh_CN/LC_MESSAGES/sim.po up to date and compiles it. A text that changed a little keeps its
translation and is marked fuzzy: correct it and take the mark out. A test fails while an entry is missing, fuzzy or
unused, and while sim.mo is not what sim.po says.
"""

import ast
import inspect
import pathlib
import re
import tomllib

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sim.cli import _help, group

SOURCES = pathlib.Path(__file__).parents[1] / "sim"
FOLDER = SOURCES / "data" / "locale" / "zh_CN" / "LC_MESSAGES"
CITED = re.compile(r"(?:[A-Z][\w.]+(?:(?: & | )[A-Z][\w.]+)* \d{4}(?:; )?)+")     # a source, the same everywhere
PO, MO = FOLDER / "sim.po", FOLDER / "sim.mo"


def code(file, keywords, comment_tags, options):
    """A method of Babel: the texts of all calls of `_` in a file of Python, also of calls within calls.

    A call with a name fills in a text that another call has marked. ValueError for a text that is put together, which
    no catalogue can hold.
    """
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            text = node.args[0]
            if isinstance(text, ast.JoinedStr | ast.BinOp):
                raise ValueError(f"{file.name}:{node.lineno}: _() takes a text written out")
            if isinstance(text, ast.Constant):
                yield node.lineno, "_", text.value, []


def words(file, keywords, comment_tags, options):
    """A method of Babel: the texts of a table of sim/data/words, its name being their context."""
    table = pathlib.Path(file.name).stem
    for text in _texts(tomllib.load(file)):
        yield 1, "pgettext", (table, text), []


def _texts(table):
    """The texts of a table, of its lists and of its sections."""
    for value in table.values() if isinstance(table, dict) else table:
        if isinstance(value, str):
            yield value
        else:
            yield from _texts(value)


def commands():
    """(file, text) of the help of every command."""
    with _help.speaking("en"):
        found = {"_group": group, **{name: group.get_command(None, name) for name in group.list_commands(None)}}
    return [(f"cli/{file}.py", text) for file, command in found.items() for text in _help.texts(command)]


def theorems_told():
    """(file, text) of what the theorems call their cases and sources; a policy's name stays as files have it."""
    from sim import policies
    from sim.verification import theorems

    known = set(policies.registry.names())
    return [(f"verification/theorems/{pathlib.Path(inspect.getsourcefile(inspect.unwrap(each))).name}", text)
            for each in theorems.registry.entries() for text in (*each.cases, *each.more, each.source)
            if text not in known and not CITED.fullmatch(text)]


METHODS = [("**.py", code), ("data/words/*.toml", words)]
CLICK = (                      # what click says, which asks gettext: one text, or (of one, of several)
    "Usage:", "Options", "Commands", "Show this message and exit.", "default: {default}", "required",
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."), "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.")
KEYWORDS = {"_": None, "pgettext": ((1, "c"), 2)}


def extracted():
    """The catalogue of all English texts, without translations."""
    found = Catalog()
    for file, line, text, comments, context in extract_from_dir(SOURCES, METHODS, keywords=KEYWORDS):
        found.add(text, locations=[(f"sim/{file}", line)], auto_comments=comments, context=context)
    for file, text in (*commands(), *theorems_told()):
        found.add(text, locations=[(f"sim/{file}", 1)])
    for text in CLICK:
        found.add(text, locations=[("click", 1)])
    return found


def read():
    """The catalogue as it is translated."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def write():
    """Bring both files up to date; the texts that wait for a translation."""
    catalogue = read()
    catalogue.update(extracted(), update_creation_date=False)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True, ignore_obsolete=True, include_previous=True,
                 include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalogue)
    return [message.id for message in catalogue if message.id and (message.fuzzy or not any(message.string or ""))]


if __name__ == "__main__":
    for waiting in write():
        print(f"to translate: {waiting}")
