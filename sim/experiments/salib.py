"""SALib, imported when an analysis needs it: it is an extra and slow to import.

Decision 58 (docs/decisions.md).
"""

import importlib
from typing import Any

from sim.base.errors import InputError, Problem
from sim.base.messages import _


def salib(module: str) -> Any:
    """A module of SALib; InputError that names the extra where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(Problem("", "SALib", _("this package is not installed"), "",
                                 _("pip install 'cluster-formation-simulator[sensitivity]'"))) from None
