"""A region with names of its own, for tests: a made-up one whose places are in no other."""

import io

import pandas as pd

from sim.region import synthetic

NAMES = {"sites.csv": (["河口新城", "云山镇", "长滩镇", "石桥镇", "北港", "南港", "东湖", "西湖"],
                       ["Estuary New Town", "Cloudhill", "Longshore", "Stonebridge", "North Port", "South Port",
                        "East Lake", "West Lake"]),
         "jurisdictions.csv": (["河口县", "云山区", "滨海市"],
                               ["Estuary County", "Cloud District", "Shore City"]),
         "nests.csv": (["近郊", "港区", "湖区"], ["Suburbs", "Ports", "Lakes"]),
         "stock.csv": (["河口县总部", "云山区总部", "滨海市总部"], ["Estuary", "Cloud", "Shore"]),
         "stations.csv": (["河口站", "云山站", "滨海站"], ["Estuary station", "Cloud station", "Shore station"]),
         "industries.csv": (["造船", "渔业"], ["Shipbuilding", "Fisheries"])}


def files(twice=False, words=b""):
    """Its files by name, as bytes; `twice` gives two sites one name, `words` go to the end of region.toml."""
    found = synthetic.files_of(synthetic.synthetic_region(sites=8, industries=2, stations=3, hubs=1, seed=3, nests=3))
    for name, (chinese, english) in NAMES.items():
        table = pd.read_csv(io.BytesIO(found[name]), encoding="utf-8-sig", dtype=str, keep_default_na=False)
        chinese = [*chinese[:7], chinese[0]] if twice and name == "sites.csv" else chinese
        table["name_zh"], table["name_en"] = chinese[:len(table)], english[:len(table)]
        table = table.drop(columns=["short_zh", "short_en"], errors="ignore")
        found[name] = table.to_csv(index=False).encode("utf-8-sig")
    text = found["region.toml"].decode().replace("Synthetic region", "Estuary").replace("合成区域", "河口三地")
    found["region.toml"] = text.encode() + words
    return found


def write(folder, **how):
    """Write them to a folder; the folder."""
    for name, data in files(**how).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
