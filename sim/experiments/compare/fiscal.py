"""Who gains and who pays: the accounts of every jurisdiction, scenario less baseline.

    before = own taxes (after relief) - grants and spending that it pays itself
    after  = before + transfers received - transfers given

Summed over the run, not discounted. Transfers sum to 0 over jurisdictions and the joint fund. Worse
off: the mean change after sharing is more than two standard errors below 0.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, both
from sim.experiments.compare.run_levels import Levels, Pairs, have_accounts
from sim.experiments.paired_statistics import distinct, row

ITEMS = {"taxes": both(_("own taxes")), "costs": both(_("grants and spending")),
         "before": both(_("balance before sharing")), "transfers": both(_("transfers")),
         "after": both(_("balance after sharing"))}
HEAD = ("scenario", "authority", "authority_en", "authority_zh", "item", "item_en", "item_zh", "unit", "mean",
        "sd", "se", "p05", "p95", "positive", "members", "worse_off")


def table(pairs: Pairs) -> pd.DataFrame:
    """DataFrame: a row a scenario, jurisdiction and item, RMB million over the run."""
    rows = [each for pair in pairs for each in _rows(*pair)] if have_accounts(pairs) else []
    return pd.DataFrame(rows, columns=HEAD)


def accounts(levels: Levels) -> dict[str, NDArray[np.float64]]:
    """Item -> (member, authority) RMB million over the run."""
    taxes, costs = levels["taxes"] / 1e6, levels["paid"] / 1e6
    given = levels["transfers"] / 1e6
    transfers = (given.sum(axis=1) - given.sum(axis=2))[:, :taxes.shape[1]]
    return {"taxes": taxes, "costs": -costs, "before": taxes - costs, "transfers": transfers,
            "after": taxes - costs + transfers}


def _rows(name, here, there):
    ours, theirs = accounts(here), accounts(there)
    for k, (authority, names) in enumerate(here.names["authority"].items()):
        for item, words in ITEMS.items():
            change = ours[item][:, k] - theirs[item][:, k]
            worse = item == "after" and distinct(change) and np.mean(change) < 0
            yield (name, authority, *names, item, *words, "RMB million", *row(change), int(worse))
