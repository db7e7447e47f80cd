"""Scripts beside the package, of docs/ and tests/, as modules."""

import importlib.util
import pathlib
import sys
from unittest import mock

ROOT = pathlib.Path(__file__).parents[2]


def script(path):
    """The module of a script, a path from the root; what it imports from beside it is found."""
    file = ROOT / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    with mock.patch.object(sys, "path", [str(file.parent), *sys.path]):
        spec.loader.exec_module(module)
    return module
