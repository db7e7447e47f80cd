"""Specs of published examples of choice models."""

REGRESSORS = """reference = "car"
[regressors.gc]
column = "gc"
[regressors.ttme]
column = "ttme"
[regressors.income]
column = "hinc"
of = ["air"]
by_alternative = true
"""
TRAVEL_MODE = """[table]
shape = "long"
chooser = "individual"
alternative = "mode"
chosen = "choice"
alternatives = ["air", "train", "bus", "car"]
codes = ["1", "2", "3", "4"]
""" + REGRESSORS
TRAVEL_MODE_WIDE = """[table]
shape = "wide"
chosen = "choice"
alternatives = ["air", "train", "bus", "car"]
""" + REGRESSORS.replace('"gc"', '"gc.{alternative}"').replace('"ttme"', '"ttme.{alternative}"')
SWISSMETRO = """[table]
shape = "wide"
chosen = "CHOICE"
alternatives = ["TRAIN", "SM", "CAR"]
codes = ["1", "2", "3"]
available = "{alternative}_AV"
reference = "SM"
[table.rows]
SP = [1]
[models.nests]
existing = ["TRAIN", "CAR"]
[regressors.time]
column = "{alternative}_TT"
unit = 100
[regressors.cost]
column = "{alternative}_CO"
of = ["TRAIN", "SM"]
where = {GA = [0]}
unit = 100
[regressors.car_cost]
column = "{alternative}_CO"
of = ["CAR"]
shares = "cost"
unit = 100
"""
TRAIN = """[table]
shape = "wide"
chosen = "choice"
decider = "id"
alternatives = ["1", "2"]
codes = ["choice1", "choice2"]
constants = false
[regressors.price]
column = "price{alternative}"
unit = 45.37802
[regressors.time]
column = "time{alternative}"
unit = 60
[regressors.change]
column = "change{alternative}"
[regressors.comfort]
column = "comfort{alternative}"
"""
ELECTRICITY = """[table]
shape = "long"
chooser = "chid"
alternative = "alt"
chosen = "choice"
decider = "id"
constants = false
[models]
draws = 100
[models.mixed]
""" + "".join(f'{name} = "normal"\n' for name in ("pf", "cl", "loc", "wk", "tod", "seas")) + "".join(
    f'[regressors.{name}]\ncolumn = "{name}"\n' for name in ("pf", "cl", "loc", "wk", "tod", "seas"))
