"""Lists of firms as people have them, made up: Chinese headers, several encodings, coordinates of Chinese maps."""

import html
import io
import zipfile

import numpy as np

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLACES = "id,name_en,name_zh,lon,lat,jurisdiction,rent,nest\n" + "".join(
    f"{name},{name.title()},{zh},{lon},{lat},{of},{rent},{nest}\n" for name, zh, lon, lat, of, rent, nest in (
        ("xicen", "西岑", 120.9596, 31.0724, "qingpu", 2.0, 0),
        ("zhujiajiao", "朱家角", 121.05, 31.11, "qingpu", 2.5, 0),
        ("lili", "黎里", 120.71, 31.0, "wujiang", 1.5, 1), ("xitang", "西塘", 120.887, 30.944, "jiashan", 1.2, 1)))
SPEC = """carries = ["peers"]
[firms]
coordinates = "gcj02"
[firms.columns]
firm = "统一社会信用代码"
credit_code = "统一社会信用代码"
entry = "成立日期"
exit = "注销日期"
lon = "经度"
lat = "纬度"
industry = "行业代码"
[places]
file = "places.csv"
within_km = 8
[industries]
table = "gbt4754-2017"
[choices]
of = ["arrivals"]
[models]
effects = ["none"]
stay = false
worlds = 0
[regressors.peers]
kind = "industry peers"
key = "terms.localisation.gamma"
[regressors.rent]
kind = "column"
column = "rent"
log = true
"""
HEADER = "统一社会信用代码,企业名称,成立日期,注销日期,经度,纬度,行业代码"


def code(number, division="310118"):
    """A unified social credit code with the right check character, by the standard's formula in plain loops."""
    body = f"91{division}{number:09d}"
    total = sum(LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + LETTERS[(31 - total % 31) % 31]


def rows(number=60, seed=0):
    """[cells] of so many firms near the four places, in GCJ-02."""
    rng = np.random.default_rng(seed)
    where = [(120.9639, 31.0703), (121.0544, 31.1078), (120.7141, 30.9978), (120.8912, 30.9417)]
    found = []
    for k in range(number):
        lon, lat = where[rng.choice(4, p=[0.4, 0.3, 0.2, 0.1])]
        where_it_is = [f"{lon + rng.normal(0, 0.01):.6f}", f"{lat + rng.normal(0, 0.01):.6f}"]
        since, industry = f"{2010 + k % 10}年{1 + k % 12}月1日", rng.choice(["C39", "3911", "I65", "6510", "F52"])
        found.append([code(k), f"企业{k}", since, "", *where_it_is, industry])
    return found


def csv(cells):
    """The text of a list."""
    return "\n".join([HEADER, *(",".join(row) for row in cells)]) + "\n"


def workbook(cells, sheet="名录"):
    """The bytes of a workbook with the list on its only sheet: the least that is a workbook."""
    row = lambda each: "<row>" + "".join(                                                                # noqa: E731
        f'<c t="inlineStr"><is><t>{html.escape(str(cell))}</t></is></c>' for cell in each) + "</row>"
    space = "http://schemas.openxmlformats.org"
    main, office = f"{space}/spreadsheetml/2006/main", f"{space}/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{sheet}" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>'
        + row(HEADER.split(",")) + "".join(map(row, cells)) + "</sheetData></worksheet>"}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)
    return made.getvalue()


def write(folder, cells=None, spec=SPEC):
    """(list, spec) written into a folder."""
    (folder / "firms.csv").write_text(csv(rows() if cells is None else cells), "utf-8")
    (folder / "places.csv").write_text(PLACES, "utf-8")
    (folder / "spec.toml").write_text(spec, "utf-8")
    return folder / "firms.csv", folder / "spec.toml"
