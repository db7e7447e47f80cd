"""A drawer: named entries of one kind, each a documented function in a file of its own, or in another package."""

import difflib
import importlib
import pkgutil

from sim.base import plugins
from sim.base.errors import InputError, Problem


class Registry:
    """A dict with manners: no duplicates, no entry without a docstring, near misses named."""

    def __init__(self, kind, package, group=None):
        self.kind = kind
        self.package = package          # the folder whose files hold the entries
        self.group = group              # what `plugins` calls entries of this kind in other packages, None for none
        self._entries = {}
        self._filled = False

    def register(self, name, **attributes):
        """Decorator: file the function under `name`; attributes become attributes of the entry."""
        def file(function):
            if name in self._entries:
                raise InputError(Problem(self.kind, name, f"two of that name, in {self._entries[name].__module__} and "
                                         f"{function.__module__}", "one", "rename one, or uninstall its package"))
            if not (function.__doc__ or "").strip():
                raise ValueError(f"{self.kind} '{name}' has no docstring")
            for key, value in {"name": name, **attributes}.items():
                setattr(function, key, value)
            self._entries[name] = function
            return function
        return file

    def names(self):
        """Names in alphabetical order, so that sums over entries have one order."""
        self._fill()
        return sorted(self._entries)

    def entries(self):
        """Entries in the order of their names."""
        return [self._entries[name] for name in self.names()]

    def __contains__(self, name):
        self._fill()
        return name in self._entries

    def get(self, name, where=""):
        """The entry called `name`; otherwise an InputError that names the near miss."""
        self._fill()
        if name in self._entries:
            return self._entries[name]
        raise InputError(Problem(where, self.kind, repr(name), ", ".join(self.names()),
                                 near_miss(name, self.names())))

    def _fill(self):
        if self._filled:
            return
        self._filled = True
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        for plugin in plugins.of(self.group):
            self._add(plugin)

    def _add(self, plugin):
        """The entries of another package, all or none: who asks again is told again."""
        before = dict(self._entries)
        try:
            plugins.load(plugin)
        except InputError:
            self._entries, self._filled = before, False
            raise


def near_miss(name, candidates):
    """A "did you mean" for a misspelt name, or an empty string.

    >>> near_miss("acces", ["access", "rent"])
    "did you mean 'access'?"
    """
    close = difflib.get_close_matches(str(name), [str(c) for c in candidates], n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
