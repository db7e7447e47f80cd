"""The rooms of the package and its floors."""

import ast
import configparser
import pathlib
import re

from generated_tables.markdown import code, table

SOURCES = pathlib.Path(__file__).parents[2] / "sim"


def rooms():
    """The rooms of the package and what their own first lines say of them, in the order of the floors."""
    order = re.findall(r"\w+", floors().replace("```text", ""))
    lines = [(code(f"{name}/" if (SOURCES / name).is_dir() else f"{name}.py"), _says(name)) for name in order]
    return table(("room", "what it is"), lines)


def _says(name):
    """First line of a room's docstring, read without importing it."""
    path = SOURCES / name / "__init__.py" if (SOURCES / name).is_dir() else SOURCES / f"{name}.py"
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))).split("\n")[0]


def floors():
    """The floors as the import contract lists them, the highest first."""
    settings = configparser.ConfigParser()
    settings.read(SOURCES.parent / "setup.cfg", encoding="utf-8")
    listed = settings["importlinter:contract:floors"]["layers"].split("\n")
    return "\n".join(["```text", *(floor.strip() for floor in listed if floor.strip()), "```"])
