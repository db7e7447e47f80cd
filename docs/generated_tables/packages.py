"""The packages of `sim` and their layers."""

import ast
import configparser
import pathlib
import re

from generated_tables.markdown import code, table

SOURCES = pathlib.Path(__file__).parents[2] / "sim"


def packages():
    """The packages of `sim` and what their own first lines say of them, in the order of the layers."""
    order = re.findall(r"\w+", layers().replace("```text", ""))
    lines = [(code(f"{name}/" if (SOURCES / name).is_dir() else f"{name}.py"), _says(name)) for name in order]
    return table(("package", "what it is"), lines)


def _says(name):
    """First line of a package's docstring, read without importing it."""
    path = SOURCES / name / "__init__.py" if (SOURCES / name).is_dir() else SOURCES / f"{name}.py"
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))).split("\n")[0]


def layers():
    """The layers as the import contract lists them, the highest first."""
    settings = configparser.ConfigParser()
    settings.read(SOURCES.parent / "setup.cfg", encoding="utf-8")
    listed = settings["importlinter:contract:layers"]["layers"].split("\n")
    return "\n".join(["```text", *(layer.strip() for layer in listed if layer.strip()), "```"])
