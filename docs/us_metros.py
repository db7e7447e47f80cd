"""Derives the tables of the region us-metros from a folder with the raw panel of listed US firms.

`python docs/us_metros.py RAW [OUT [LAST]]`: RAW has a panel hq_panel_*.csv.gz (the last by name is taken), the
delineation and state_corporate_tax_2000_2020.csv, OUT is by default the region's folder, LAST the last year that is
read, by default 2018. Of a panel that goes further, series.csv and choices.csv of another OUT are what a back-test of
the later years takes. Rules: filers that are listed firms (operating = 1), no asset-backed trusts (SIC 6189)
nor shells (6770); the 60 metropolitan areas with most filer-years up to 2012, so that the choice of places does not
look ahead. A firm is at a new address once two years running have it, dated at the second: what flips back at once is
no move, and no later year is read. An arrival is a firm's first year in the panel from 2006 on: a listing, not a birth.
An arrival with an SIC within two years after the exit of another filer of the same SIC in the same ZIP code is marked
as a re-registration.
"""

from __future__ import annotations

import pathlib
import re
import sys

import numpy as np
import pandas as pd

METROS, CHOSEN_TO, LAST, ARRIVALS_FROM = 60, 2012, 2018, 2006
SECTORS_TO = 2013              # last year whose choices have a sector: later it is known of one arrival in ten
WINDOW = 2                     # years after an exit in which a firm of the same kind and place is a re-registration
REGION = pathlib.Path(__file__).parents[1] / "sim" / "data" / "regions" / "us_metros"
SECTORS = {"life": "Life science", "technology": "Technology", "energy": "Energy", "finance": "Finance",
           "manufacturing": "Other manufacturing", "trade": "Trade", "services": "Services"}
SECTORS_ZH = ("生命科学", "科技", "能源", "金融", "其他制造业", "贸易", "服务业")


def sector(sic: float) -> str:
    """The sector of an SIC code, empty where it is unknown: "unknown" is no sector."""
    if not sic > 0:
        return ""
    code = int(sic)
    if 2833 <= code <= 2836 or 3840 <= code <= 3851 or code // 100 == 80 or code == 8731:
        return "life"
    if 7370 <= code <= 7374 or code // 10 in (357, 366, 367):
        return "technology"
    if code // 100 in (13, 49) or code == 2911:
        return "energy"
    if 6000 <= code < 6800:
        return "finance"
    if 2000 <= code < 4000:
        return "manufacturing"
    return "trade" if 5000 <= code < 6000 else "services"


def panel(raw: pathlib.Path, last: int = LAST) -> pd.DataFrame:
    """Rows (cik, year) of the firms that count, with metropolitan area (0 elsewhere) and sector."""
    rows = pd.read_csv(max(raw.glob("hq_panel_*.csv.gz")), dtype={"zip5": str})
    rows = rows[(rows["operating"] == 1) & ~rows["sic"].isin([6189, 6770]) & (rows["year"] <= last)]
    rows = rows.drop_duplicates(["cik", "year"]).sort_values(["cik", "year"])
    largest = rows[rows["year"] <= CHOSEN_TO].groupby("cbsa").size().nlargest(METROS).index
    return rows.assign(metro=rows["cbsa"].where(rows["cbsa"].isin(largest), 0).fillna(0).astype(int),
                       sector=rows["sic"].map(sector))


def confirmed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `at`, where a firm is known to be: a new place counts from the second year running that has it."""
    at = []
    for _cik, each in rows.groupby("cik", sort=False):
        known, before = None, None
        for metro in each["metro"]:
            known = metro if known is None or metro == before else known
            at.append(known)
            before = metro
    return rows.assign(at=at)


def events(rows: pd.DataFrame) -> pd.DataFrame:
    """Moves between the areas and arrivals in them: year, from (0 for an arrival), to, sector, re-registration."""
    before = rows.groupby("cik")[["at", "year"]].shift()
    moved = before["at"].notna() & (before["at"] != rows["at"]) & (before["at"] > 0) & (rows["at"] > 0)
    moves = rows[moved].assign(origin=before.loc[moved, "at"].astype(int), again=False)
    first = rows[rows["year"] == rows.groupby("cik")["year"].transform("min")]
    first = first[(first["year"] >= ARRIVALS_FROM) & (first["at"] > 0)]
    left = rows[rows["year"] == rows.groupby("cik")["year"].transform("max")]
    gone = left[left["sic"].notna()].groupby(["zip5", "sic"])[["cik", "year"]].apply(
        lambda each: list(each.itertuples(index=False))).to_dict()
    again = [any(other.cik != row.cik and 0 <= row.year - other.year <= WINDOW
                 for other in gone.get((row.zip5, row.sic), ())) for row in first.itertuples()]
    return pd.concat([moves, first.assign(origin=0, again=again)])


def places(rows: pd.DataFrame, raw: pathlib.Path) -> pd.DataFrame:
    """id, name, state, lon and lat of the areas: the mean place of their firms up to the year of the choice."""
    table = pd.read_csv(raw / "cbsa_delineation_2023.csv").drop_duplicates("cbsacode")
    names = table.set_index("cbsacode")["cbsatitle"]
    early = rows[(rows["year"] <= CHOSEN_TO) & (rows["metro"] > 0)]
    middle = early.groupby("metro")[["lon", "lat"]].median().round(3)
    found = middle.assign(name=names.reindex(middle.index))
    city = found["name"].str.replace(r"[-/,].*", "", regex=True).str.strip()
    state = found["name"].str.extract(r", ([A-Z]{2})")[0]
    return found.assign(city=city, state=state,
                        id=[re.sub(r"[^a-z]+", "-", text.lower()).strip("-") for text in city])


def stocks(rows: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """Yearly numbers of every area by sector, "" where it is unknown."""
    here = rows[rows["at"] > 0]
    table = here.groupby(["at", "sector", "year"]).size().unstack("year", fill_value=0)
    full = table.reindex(pd.MultiIndex.from_product([where.index, ["", *SECTORS]]), fill_value=0)
    return pd.DataFrame({"site": where["id"].reindex(full.index.get_level_values(0)).to_numpy(),
                         "industry": full.index.get_level_values(1), "first": f"{full.columns[0]}-12-31",
                         "headquarters": [";".join(map(str, line)) for line in full.to_numpy()]})


def series(rows: pd.DataFrame, found: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """Yearly stocks of every area, and arrivals in it, of all sectors together."""
    here = rows[rows["at"] > 0].groupby(["at", "year"]).size().unstack(fill_value=0).stack()
    come = found[found["origin"] == 0].groupby(["at", "year"]).size().unstack(fill_value=0)
    come = come.reindex(where.index, fill_value=0).stack()
    kinds = (("firms", here, "stock", "enterprises"), ("arrivals", come, "arrivals", "entries"))
    lines = [(name, where["id"][metro], year, count, word, measure, f"{year - 1}" if word == "arrivals" else "")
             for name, table, word, measure in kinds for (metro, year), count in table.items()]
    return pd.DataFrame(lines, columns=["series", "area", "date", "value", "what_it_counts", "measure", "since"])


def choices(found: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """Who chose which area: year, from (empty for an arrival), to, industry (empty if unknown), kind, count.

    After SECTORS_TO no choice has a sector: what is known of the few that have one depends on their survival.
    """
    named = where["id"].to_dict() | {0: ""}
    kind = np.where(found["origin"] > 0, "move", np.where(found["again"], "re-registration", "arrival"))
    table = pd.DataFrame({"year": found["year"], "from": found["origin"].map(named), "to": found["at"].map(named),
                          "industry": found["sector"].where(found["year"] <= SECTORS_TO, ""), "kind": kind})
    return table.value_counts(sort=False).rename("count").reset_index()


def levels(raw: pathlib.Path, states: list[str], names: pd.Series) -> pd.DataFrame:
    """Periods of equal corporate income tax by state, from the first year of the file to 2018."""
    table = pd.read_csv(raw / "state_corporate_tax_2000_2020.csv")
    table = table[(table["year"] <= LAST) & table["state_name"].isin(names[states])].sort_values(["state_name", "year"])
    code = {name: state for state, name in names.items()}
    lines = []
    for name, each in table.groupby("state_name"):
        run = (each["cit"] != each["cit"].shift()).cumsum()
        for _number, part in each.groupby(run):
            last = part["year"].max()
            lines.append((code[name].lower(), "profit_tax", part["cit"].iloc[0], f"{part['year'].min()}-01-01",
                          "" if last == LAST else f"{last}-12-31", "data"))
    return pd.DataFrame(lines, columns=["place", "lever", "value", "start", "end", "evidence"])


def main(raw: pathlib.Path, out: pathlib.Path, last: int = LAST) -> None:
    """Write all tables."""
    rows = confirmed(panel(raw, last))
    where, found = places(rows, raw), events(rows)
    states = sorted(where["state"].unique())
    names = pd.Series(STATES)
    early = rows[(rows["year"] <= CHOSEN_TO) & (rows["metro"] > 0) & (rows["sector"] != "")]
    share = early["sector"].value_counts(normalize=True).reindex(list(SECTORS))
    write = {
        "sites.csv": pd.DataFrame({
            "id": where["id"], "code": where.index, "name_en": where["name"], "short_en": where["city"],
            "lon": where["lon"], "lat": where["lat"], "jurisdiction": where["state"].str.lower(), "nest": "metros",
            "in_startup_area": 0, "in_zone": 1, "is_town": 0,
            "source": "Census delineation 2023; median place of filers to 2012"}),
        "jurisdictions.csv": pd.DataFrame({"id": [s.lower() for s in states], "name_en": names[states].to_numpy()}),
        "nests.csv": pd.DataFrame({"id": ["metros"], "name_en": ["Metropolitan areas"], "name_zh": ["都市区"]}),
        "industries.csv": pd.DataFrame({
            "id": list(SECTORS), "name_en": list(SECTORS.values()), "name_zh": SECTORS_ZH,
            "share": _to_one(share.round(6)), "rnd": 0.5, "trade": 0.5, "hightech": 0, "evidence": "assumption",
            "source": "share: filer-years to 2012 with an SIC; intensities alike, not measured"}),
        "stock.csv": _stock(rows, where), "stocks.csv": stocks(rows, where), "levels.csv": levels(raw, states, names),
        "series.csv": series(rows, found, where), "choices.csv": choices(found, where)}
    out.mkdir(parents=True, exist_ok=True)
    for name, table in write.items():
        table.to_csv(out / name, index=False, encoding="utf-8-sig", lineterminator="\n")
    moves, come = found[found["origin"] > 0], found[found["origin"] == 0]
    print(f"{len(rows)} firm-years, {len(moves)} moves, {len(come)} arrivals, {come['again'].sum()} of them "
          f"re-registrations among {(come['sector'] != '').sum()} with a sector")


def _to_one(share):
    return share.where(share.index != share.index[0], share.iloc[0] + 1.0 - share.sum()).round(6).to_numpy()


def _stock(rows, where):
    """The stock of the year of the choice, a group an area."""
    count = rows[(rows["year"] == CHOSEN_TO) & (rows["at"] > 0)].groupby("at").size().reindex(where.index)
    return pd.DataFrame({"group": where["id"], "name_en": where["city"], "headquarters": count, "sites": where["id"],
                         "weights": 1, "low": count, "high": count, "evidence": "data",
                         "source": f"listed firms, end of {CHOSEN_TO}; other years in stocks.csv"})


STATES = dict(pair.split("=") for pair in (
    "AL=Alabama;AR=Arkansas;AZ=Arizona;CA=California;CO=Colorado;CT=Connecticut;DC=District of Columbia;DE=Delaware;"
    "FL=Florida;GA=Georgia;HI=Hawaii;IA=Iowa;ID=Idaho;IL=Illinois;IN=Indiana;KS=Kansas;KY=Kentucky;LA=Louisiana;"
    "MA=Massachusetts;MD=Maryland;ME=Maine;MI=Michigan;MN=Minnesota;MO=Missouri;MS=Mississippi;MT=Montana;"
    "NC=North Carolina;ND=North Dakota;NE=Nebraska;NH=New Hampshire;NJ=New Jersey;NM=New Mexico;NV=Nevada;NY=New York;"
    "OH=Ohio;OK=Oklahoma;OR=Oregon;PA=Pennsylvania;RI=Rhode Island;SC=South Carolina;SD=South Dakota;TN=Tennessee;"
    "TX=Texas;UT=Utah;VA=Virginia;VT=Vermont;WA=Washington;WI=Wisconsin;WV=West Virginia;WY=Wyoming").split(";"))

if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else REGION, *map(int, sys.argv[3:]))
