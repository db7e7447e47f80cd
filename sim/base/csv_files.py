"""How the simulator's CSV files are encoded, and how they are read back."""

from io import BytesIO
from pathlib import Path

import pandas as pd

ENCODING = "utf-8-sig"         # marked as UTF-8: a spreadsheet in China takes what has no mark for GBK


def read_csv(path: str | Path | BytesIO) -> pd.DataFrame:
    """The table in a CSV file of ours, with the mark of UTF-8 or without; a name such as NA stays one."""
    return pd.read_csv(path, encoding=ENCODING, keep_default_na=False, na_values=["", "nan"])
