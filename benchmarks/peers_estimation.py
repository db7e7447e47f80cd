"""The same choice models estimated here, by Biogeme and by Larch, each in an environment of its own.

    python benchmarks/peers_estimation.py [--folder FOLDER]

Makes two virtual environments in the folder (a temporary one by default), installs the two programs from PyPI, hands
them the committed data sets (tests/samples/choice_data) as plain tables, and prints coefficients and differences. The
environments are kept in a folder that is given, and used again. Nothing of it is part of the tests: the programs are
large, and their versions are not ours to fix.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).parents[1]
PEERS = ("biogeme", "larch")


def models():
    """{name: (choices, {nest: alternatives})} of the published examples.

    Without nested cooling: Biogeme's compiler takes ten minutes for its seven alternatives in two nests.
    """
    sys.path.insert(0, str(HERE))
    from tests.experiments import test_estimation_oracles as oracles

    swissmetro = oracles.swissmetro()
    return {"travel mode": (oracles.travel_mode(), {}), "heating": (oracles.heating(), {}),
            "swissmetro": (swissmetro, {}), "swissmetro, nested": (swissmetro, {"existing": [0, 2]})}


def ours(choices, nests):
    """(log-likelihood, coefficients, dissimilarity parameters last where there are nests: one for all)."""
    import numpy as np

    from sim.experiments.estimation import conditional_logit, nested_logit

    found = conditional_logit.fit(choices)
    if nests:
        of = np.arange(choices.x.shape[1]) + len(nests)
        for number, members in enumerate(nests.values()):
            of[members] = number
        of = np.unique(of, return_inverse=True)[1]
        law = nested_logit.of(of, np.arange(of.max() + 1).astype(str), "one")
        found = nested_logit.fit(choices, law, np.append(found.point, 0.9))
    return found.value, list(found.point)


def written(folder, name, choices, nests):
    """The path of a table with a row a chooser: x{k}_{j}, av_{j}, chosen, and beside it what the model is."""
    import pandas as pd

    number, wide, regressors = choices.x.shape
    table = {f"x{k}_{j}": choices.x[:, j, k] for j in range(wide) for k in range(regressors)}
    table |= {f"av_{j}": choices.available[:, j].astype(int) for j in range(wide)} | {"chosen": choices.chosen}
    path = folder / f"{name.replace(', ', '-').replace(' ', '-')}.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    path.with_suffix(".json").write_text(json.dumps({"alternatives": wide, "regressors": regressors, "nests": nests}))
    return path


def by_biogeme(path, shape):
    """(log-likelihood, coefficients): the scale of a nest is 1 / dissimilarity.

    Second derivatives of nests take its compiler minutes, so there the search goes without them.
    """
    import biogeme.biogeme as bio
    import biogeme.database as db
    import pandas as pd
    from biogeme import models as of
    from biogeme.expressions import Beta, Variable
    from biogeme.nests import NestsForNestedLogit, OneNestForNestedLogit
    from biogeme.parameters import Parameters

    names = [f"b{k}" for k in range(shape["regressors"])]
    beta = [Beta(name, 0, None, None, 0) for name in names]
    v = {j: sum(b * Variable(f"x{k}_{j}") for k, b in enumerate(beta)) for j in range(shape["alternatives"])}
    available = {j: Variable(f"av_{j}") for j in v}
    if shape["nests"]:
        scale = Beta("scale", 1.1, 0.1, 50, 0)
        nests = NestsForNestedLogit(choice_set=list(v), tuple_of_nests=tuple(
            OneNestForNestedLogit(nest_param=scale, list_of_alternatives=members, name=name)
            for name, members in shape["nests"].items()))
        formula = of.lognested(v, available, nests, Variable("chosen"))
    else:
        formula = of.loglogit(v, available, Variable("chosen"))
    model = bio.BIOGEME(db.Database(path.stem, pd.read_csv(path)), formula, parameters=Parameters(),
                        generate_html=False, generate_yaml=False, save_iterations=False,
                        calculating_second_derivatives="never" if shape["nests"] else "analytical")
    model.model_name = path.stem
    found = model.estimate()
    values = found.get_beta_values()
    return found.final_loglikelihood, [values[name] for name in names] + (
        [1.0 / values["scale"]] if shape["nests"] else [])


def by_larch(path, shape):
    """(log-likelihood, coefficients): coefficients are in the scale of utility, as here."""
    import larch
    import pandas as pd
    from larch import P, X

    table = pd.read_csv(path)
    table["chosen"] += 1                                         # alternatives are numbered from 1
    table.index.name = "chooser"
    number = range(shape["alternatives"])
    data = larch.Dataset.construct.from_idco(table, alts={j + 1: f"a{j}" for j in number})
    model = larch.Model(data)
    names = [f"b{k}" for k in range(shape["regressors"])]
    for j in number:
        model.utility_co[j + 1] = sum((P(name) * X(f"x{k}_{j}") for k, name in enumerate(names[1:], 1)),
                                      P(names[0]) * X(f"x0_{j}"))
    model.availability_co_vars = {j + 1: f"av_{j}" for j in number}
    model.choice_co_code = "chosen"
    for name, members in shape["nests"].items():
        model.graph.new_node(parameter="dissimilarity", children=[j + 1 for j in members], name=name)
    found = model.maximize_loglike(quiet=True, stderr=False)
    values = {name: float(model.get_value(name)) for name in (*names, "dissimilarity")[:len(names) + bool(
        shape["nests"])]}
    return float(found.loglike), list(values.values())


def inside(peer, folder):
    """What runs in a peer's environment: every table of the folder that it has no result of, nested ones last."""
    result = folder / f"{peer}.result"
    found = json.loads(result.read_text()) if result.exists() else {}
    for path in sorted(folder.glob("*.csv"), key=lambda path: ("nested" in path.stem, path.stem)):
        if path.stem not in found:
            found[path.stem] = (by_biogeme if peer == "biogeme" else by_larch)(
                path, json.loads(path.with_suffix(".json").read_text()))
            result.write_text(json.dumps(found))


def estimated(peer, folder, tables):
    """{model: (log-likelihood, coefficients)} by a peer in its own environment."""
    home = folder / f"environment-{peer}"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", peer], check=True)
    (tables / f"{peer}.result").unlink(missing_ok=True)
    subprocess.run([python, __file__, "--inside", peer, "--folder", tables], check=True, cwd=tables)
    version = subprocess.run([python, "-c", f"from importlib.metadata import version; print(version('{peer}'))"],
                             capture_output=True, text=True, check=True).stdout.strip()
    return version, json.loads((tables / f"{peer}.result").read_text())


def compare(folder):
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    here = {}
    for name, (choices, nests) in models().items():
        here[written(tables, name, choices, nests).stem] = name, ours(choices, nests)
    there = {peer: estimated(peer, folder, tables) for peer in PEERS}
    print("| model | coefficients here | log-likelihood |",
          " | ".join(f"{peer} {version}: largest relative difference, of the log-likelihood"
                     for peer, (version, _found) in there.items()), "|")
    for stem, (name, (likelihood, point)) in here.items():
        cells = []
        for _version, found in there.values():
            value, other = found[stem]
            apart = max(abs(one - two) / max(abs(one), 1e-3) for one, two in zip(point, other, strict=True))
            cells.append(f"{apart:.1e}, {abs(value - likelihood):.1e}")
        print("|", name, "|", ", ".join(f"{each:.5g}" for each in point), "|", f"{likelihood:.4f}", "|",
              " | ".join(cells), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--inside", choices=PEERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.inside, asked.folder)
    elif asked.folder:
        compare(asked.folder.resolve())
    else:
        with tempfile.TemporaryDirectory() as name:
            compare(pathlib.Path(name))


if __name__ == "__main__":
    main()
