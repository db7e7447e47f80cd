"""A registry: named entries of one kind, each a documented function in a file of its own, or in another package."""

import difflib
import importlib
import pathlib
import pkgutil
import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, cast

from sim.base import entry_texts, plugins
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of

Entry = TypeVar("Entry", bound=entry_texts.Named)
Function = TypeVar("Function", bound=Callable[..., Any])


class Registry(Generic[Entry]):
    """A dict with manners: no duplicates, no entry without a docstring, near misses named."""

    def __init__(self, kind: str, package: str, group: str | None = None) -> None:
        self.kind = kind
        self.package = package          # the folder whose files hold the entries
        self.group = group              # what `plugins` calls entries of this kind in other packages, None for none
        self._entries: dict[str, Entry] = {}
        self._filled, self._filling = False, threading.RLock()

    def register(self, name: str, **attributes: object) -> Callable[[Function], Function]:
        """Decorator: file the function under `name`; attributes become attributes of the entry."""
        def file(function: Function) -> Function:
            if name in self._entries:
                raise InputError(Problem(self.kind, name, _("the name is taken twice, in {first} and {second}",
                                                            first=self._entries[name].__module__,
                                                            second=function.__module__),
                                         remedy=_("rename one of them, or uninstall its package")))
            if not (function.__doc__ or "").strip():
                raise ValueError(f"{self.kind} '{name}' has no docstring")
            for key, value in {"name": name, **attributes}.items():
                setattr(function, key, value)
            self._entries[name] = cast(Entry, function)
            return function
        return file

    def names(self) -> list[str]:
        """Names in alphabetical order, so that sums over entries have one order."""
        self._fill()
        return sorted(self._entries)

    def entries(self) -> list[Entry]:
        """Entries in the order of their names."""
        return [self._entries[name] for name in self.names()]

    def said(self) -> list[entry_texts.Said]:
        """What every entry says of itself (`entry_texts.Said`), in the order of the names.

        Files that tell it in plain words are read and not imported, unless other packages add to the registry: what
        they bring is known once it is imported, and may be a second of a name.
        """
        if self._filled or plugins.of(self.group):
            found = [entry_texts.Said.by(entry) for entry in self.entries()]
        else:
            found = [said for module in self._modules() for said in self._said_in(*module)]
        return sorted(found)

    def _said_in(self, module: str, path: pathlib.Path) -> list[entry_texts.Said]:
        """What the entries of one file say of themselves."""
        told = entry_texts.read(path.read_text(encoding="utf-8"), module)
        if told is None:
            importlib.import_module(module)
            told = [entry_texts.Said.by(entry) for entry in self._entries.values() if entry.__module__ == module]
        return told

    def _modules(self) -> list[tuple[str, pathlib.Path]]:
        """(name, file) of the modules that the registry's folder holds."""
        folders = importlib.import_module(self.package).__path__
        return [(f"{self.package}.{module.name}", pathlib.Path(folder, f"{module.name}.py"))
                for folder in folders for module in pkgutil.iter_modules([folder])]

    def __contains__(self, name: object) -> bool:
        self._fill()
        return name in self._entries

    def get(self, name: str, where: str = "") -> Entry:
        """The entry called `name`; otherwise an InputError that names the near miss."""
        self._fill()
        if name in self._entries:
            return self._entries[name]
        raise InputError(Problem(where, self.kind, _("{name} is unknown", name=repr(name)),
                                 one_of(self.names()), near_miss(name, self.names())))

    def _fill(self) -> None:
        with self._filling:                        # whoever asks meanwhile, on another thread, waits for all entries
            if self._filled:
                return
            self._filled = True
            for module, _file in self._modules():
                importlib.import_module(module)
            for plugin in plugins.of(self.group):
                self._add(plugin)

    def _add(self, plugin: plugins.Plugin) -> None:
        """The entries of another package, all or none: who asks again is told again."""
        before = dict(self._entries)
        try:
            plugins.load(plugin)
        except InputError:
            self._entries, self._filled = before, False
            raise


def near_miss(name: object, candidates: Iterable[object], cutoff: float = 0.6) -> str:
    """A "did you mean" for a misspelt name, or an empty string.

    >>> near_miss("acces", ["access", "rent"])
    "did you mean 'access'?"
    """
    close = nearest(name, candidates, cutoff)
    return _("did you mean {name}?", name=f"'{close}'") if close else ""


def nearest(name: object, candidates: Iterable[object], cutoff: float = 0.6) -> str:
    """The candidate that a misspelt name may have meant, or an empty string."""
    return "".join(difflib.get_close_matches(str(name), [str(each) for each in candidates], n=1, cutoff=cutoff))
