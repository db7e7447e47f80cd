"""Industries of firms: as the list names them, or by a table from codes of GB/T 4754 or of any other scheme.

The table that ships, `sim/data/industry_codes/gbt4754-2017.csv`, assigns the 97 divisions of GB/T 4754-2017 to the
industries of the embedded region. Which division counts as which is a judgement: copy the file, edit it, and name the
copy.
"""

from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _
from sim.experiments.estimation import firm_tables
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.data_report import DataReport
from sim.experiments.estimation.spec import Spec

SHIPPED = "gbt4754-2017"


def assigned(cells: pd.Series, spec: Spec, kept: NDArray[np.bool_],
             report: DataReport) -> tuple[Index, tuple[str, ...], NDArray[np.bool_]]:
    """(industry of every row, -1 for unknown; names of industries; rows kept). Codes that mean none are dropped."""
    unknown = cells.isin(spec.values.industries.unknown).to_numpy()
    report.doubt(_("the industry is not known: it counts among all firms, not in its industry"),
                 int((unknown & kept).sum()))
    if not spec.values.industries.table:
        named = cells.where(~unknown)
    else:
        table = _table(spec)
        divisions = table.index.str.fullmatch(r"\d{2}").all()         # two digits, to which longer codes belong
        code = cells.str.extract(r"^\s*[A-Za-z]?(\d{2})", expand=False) if divisions else cells
        missing = ~code.isin(table.index).to_numpy() & ~unknown
        kept = report.drop(_("the code of its industry is not in the table"), missing, kept, cells)
        named = code.map(table)
        out = ((named == "") & ~missing & ~unknown).to_numpy()
        kept = report.drop(_("its industry is not one of those considered"), out, kept, cells)
    names = tuple(sorted(map(str, named[kept].dropna().unique())))
    number = named.map({name: k for k, name in enumerate(names)}).fillna(-1)
    return np.asarray(number, np.intp), names, kept


def _table(spec):
    """Series: code -> industry, "" for none."""
    where = spec.where(("industries", "table"))
    if spec.values.industries.table == SHIPPED:
        with resources.as_file(resources.files("sim") / "data" / "industry_codes" / f"{SHIPPED}.csv") as path:
            found = firm_tables.read(path)
    else:
        found = firm_tables.read(spec.beside(spec.values.industries.table))
    keys = firm_tables.column(found, "division" if "division" in found.frame else "code", where, "industries.table")
    return firm_tables.column(found, "industry", where, "industries.table").set_axis(keys).groupby(level=0).first()
