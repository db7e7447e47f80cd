"""Tables of what results hold, and of the exit codes."""

from generated_tables.markdown import code, first_line, table, unit_zh
from sim.base import errors
from sim.results import dataset


def variables():
    lines = [(code(name), ", ".join(dims), unit, text, text_zh)
             for name, (dims, unit, text, text_zh) in dataset.VARIABLES.items()]
    return table(("variable", "dimensions", "unit", "what it is", "Chinese name"), lines)


def variables_zh():
    return table(("变量", "单位", "含义"), [(code(name), unit_zh(unit), text_zh)
                                         for name, (_dims, unit, _text, text_zh) in dataset.VARIABLES.items()])


def exit_codes():
    kinds = {kind.exit_code: first_line(kind) for kind in _kinds(errors.SimError)}
    lines = [(code, what) for code, what in sorted({0: "All is done.", **kinds}.items())]
    return table(("exit code", "meaning"), lines)


def _kinds(kind):
    """The errors of `sim.base.errors` that end with a code of their own."""
    return [below for below in kind.__subclasses__() if below.__module__ == errors.__name__]
