"""Which parameter of scenarios a regressor's coefficient is, looked up before anything is estimated."""

from sim.base.errors import InputError
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config.parameters import Row, rows_by_path
from sim.experiments.estimation.spec import Spec, SpecFile
from sim.scenario import schema


def numbers() -> dict[str, Row]:
    """Dotted key -> Row of every number that a scenario has."""
    return {".".join(map(str, path)): row for path, row in rows_by_path(schema.build()).items() if "float" in row.kind}


def refuse_unknown(spec: Spec[SpecFile]) -> None:
    """InputError for keys of carried regressors that no scenario has."""
    known, carried = numbers(), [(name, spec.values.regressors[name].key) for name in spec.values.carries]
    example = _("dotted keys of numbers, e.g. terms.localisation.gamma")
    problems = [spec.problem(("regressors", name, "key"), _("there is no number {key}", key=repr(key)),
                             "" if near_miss(key, known) else example, near_miss(key, known))
                for name, key in carried if key and key not in known]
    if problems:
        raise InputError(problems)
