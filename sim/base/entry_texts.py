"""What the entries of a registry say of themselves, read from their files: a list of them imports none.

An entry is a function of a file's top level under the decorator of its registry. Name, titles and docstring are written
there as they are, or as constants of the file. Of a file that files its entries in another way nothing is read: it
is for the registry to import.
"""

import ast
import inspect
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, Self

FILES = ("register", "theorem")                  # what registries call the decorator that files an entry
CHINESE = ("title_zh", "long_name_zh")           # its keys with a name for Chinese readers


class Named(Protocol):
    """A registered function, as far as every registry knows it."""

    name: str


class Said(NamedTuple):
    """An entry's name, the first line of its docstring, its Chinese title or "", the module that it stands in."""

    name: str
    line: str
    title_zh: str
    module: str

    @classmethod
    def by(cls, entry: Named) -> Self:
        """What a registered function says."""
        titles = (getattr(entry, key, "") for key in CHINESE)
        return cls(entry.name, first_line(entry.__doc__ or ""), next(filter(None, titles), ""), entry.__module__)


def first_line(docstring: str) -> str:
    """The first line of a docstring."""
    return inspect.cleandoc(docstring).split("\n")[0]


def read(source: str, module: str) -> list[Said] | None:
    """The Said of a file's entries; None where the file does not tell them in plain words."""
    tree = ast.parse(source)
    used = sum(isinstance(node, ast.Name) and node.id in FILES for node in ast.walk(tree))
    known = _constants(tree)
    found = [_said(function, call, known, module) for function in tree.body if isinstance(function, ast.FunctionDef)
             for call in function.decorator_list
             if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in FILES]
    told = [said for said in found if said is not None]
    return told if len(told) == len(found) == used else None


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Name -> node of what the file assigns to it, also several at once."""
    found: dict[str, ast.expr] = {}
    for target, value in [(each.targets[0], each.value) for each in tree.body if isinstance(each, ast.Assign)]:
        pairs: Iterable[tuple[ast.expr, ast.expr]] = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts)
        found |= {name.id: node for name, node in pairs if isinstance(name, ast.Name)}
    return found


def _said(function: ast.FunctionDef, call: ast.Call, known: Mapping[str, ast.expr], module: str) -> Said | None:
    """The Said of one entry, None if it takes more than reading to know."""
    titles = [word.value for word in call.keywords if word.arg in CHINESE]
    name, title = _text(next(iter(call.args), None), known), _text(titles[0], known) if titles else ""
    docstring = ast.get_docstring(function)
    if name is None or title is None or not docstring:
        return None
    return Said(name, first_line(docstring), title, module)


def _text(node: ast.expr | None, known: Mapping[str, ast.expr]) -> str | None:
    """The text that a node stands for, None if it is none."""
    node = known.get(node.id) if isinstance(node, ast.Name) else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
