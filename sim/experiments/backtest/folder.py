"""What a back-test leaves in its folder: the forecast, written and sealed before anything is scored, and the scores."""

import datetime
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import files, provenance, stored
from sim.base.csv_files import read_csv
from sim.base.errors import CorruptError
from sim.base.messages import _, both, translate, with_chinese
from sim.experiments.backtest import choices, scored
from sim.experiments.backtest.forecast import Forecasts
from sim.experiments.backtest.plan import Plan
from sim.experiments.backtest.predictive import Mixture
from sim.experiments.backtest.runs import Records
from sim.results import summary
from sim.runs import output_folder
from sim.runs.output_folder import Request

FORECAST, LAWS, SEAL = "forecast.csv", "forecast.npz", "forecast.json"
CHOICE_LAWS, CHOICE_SCORES, CHOICE_SUMMARY = "choices.npz", "choice_scores.csv", "choice_summary.csv"
SCORES, SUMMARY, LEFT = "scores.csv", "summary.csv", "left_out.csv"
FILES = (FORECAST, LAWS, SEAL, CHOICE_LAWS, CHOICE_SCORES, CHOICE_SUMMARY, SCORES, SUMMARY, LEFT,
         *output_folder.PARTS, *output_folder.PAGES)


def request(plan: Plan) -> Request:
    """What is asked for, for the folder that it goes into."""
    return Request(output_folder.BACKTEST, plan.made_of(), FILES, keeps=True)


def has_forecast(plan: Plan) -> bool:
    """Whether the forecast of this plan is there, as it was written."""
    try:
        said = stored.unsealed(plan.folder / SEAL)
    except (FileNotFoundError, CorruptError):
        return False
    return said.get("forecast_key") == plan.forecast_key() and all(
        stored.is_as_written(plan.folder / name, digest) for name, digest in said["sha256"].items())


def write_forecast(plan: Plan, made: Forecasts, laws: Mapping[str, NDArray[np.float32]],
                   found: Sequence[Records]) -> None:
    """forecast.csv for readers, forecast.npz and choices.npz with every law, and forecast.json with their hashes.

    laws: those of choices, by origin and forecaster; none where no choices were observed. found: the Records that
    forecasts and laws are made of.
    """
    hashes = {FORECAST: files.write_checked(plan.folder / FORECAST,
                                            summary.csv_of(scored.forecast_rows(plan, made.of_target))),
              LAWS: files.write_checked(plan.folder / LAWS, _packed(made.of_target))}
    if laws:
        hashes[CHOICE_LAWS] = files.write_checked(plan.folder / CHOICE_LAWS, _compressed(laws))
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    weights = {str(origin): {"power": each.power, "effective_draws": each.effective}
               for origin, each in made.weights.items()}
    kept = [set(each.kept) for each in found]
    failed = list(dict.fromkeys(why for each in found for why in each.failed))
    files.write_json(plan.folder / SEAL, {
        "written": now, "key": plan.key(), "forecast_key": plan.forecast_key(),
        "scenario": plan.scenario.path, "series": plan.given, "choices": list(plan.choices_given),
        "earlier": [both(each) for each in plan.earlier()],
        "title": plan.scenario.titles[0], "title_zh": plan.scenario.titles[1], "region": plan.region.name,
        "region_title": plan.region.title, "region_title_zh": plan.region.title_zh,
        "words": plan.region.words, "command": plan.command,
        "draws": plan.draws, "per_draw": plan.per_draw, "origins": [str(each) for each in plan.origins],
        "restarts": plan.restarts, "weights": weights, "draws_failed": plan.draws - len(set.intersection(*kept)),
        "failed": failed, "failed_zh": [translate(why, "zh") for why in failed],
        "versions": provenance.versions(),
        "seed": plan.scenario.values.run.seed, "sha256": hashes})


def read_forecast(plan: Plan) -> list[dict[str, Mixture]]:
    """The laws by target and forecaster as they were written; CorruptError if they are not what they were."""
    with _archive(plan, LAWS) as archive:
        return _unpacked(archive, len(plan.targets))


def read_laws(plan: Plan) -> dict[str, NDArray[np.float32]]:
    """The laws of choices as they were written."""
    with _archive(plan, CHOICE_LAWS) as archive:
        return {name: archive[name] for name in archive.files}


def _archive(plan, name):
    """Arrays of a file that is as the sealed forecast says."""
    said = stored.unsealed(plan.folder / SEAL)
    content = stored.required_content(plan.folder / name, said["sha256"][name], 2**31)
    return np.load(io.BytesIO(content), allow_pickle=False)


def write_choices(plan: Plan, table: pd.DataFrame) -> None:
    """choice_scores.csv, a row an event, origin and forecaster; choice_summary.csv, a row a flow and forecaster."""
    files.write_checked(plan.folder / CHOICE_SCORES, summary.csv_of(table))
    files.write_checked(plan.folder / CHOICE_SUMMARY, summary.csv_of(choices.summary(table)))


def choice_summary(folder: Path) -> pd.DataFrame:
    """choice_summary.csv of a finished back-test, without rows where no choices were scored."""
    path = folder / CHOICE_SUMMARY
    return read_csv(path) if path.exists() else pd.DataFrame()


def write_scores(plan: Plan, table: pd.DataFrame, totals: pd.DataFrame) -> None:
    """scores.csv, a row a target and forecaster; summary.csv, a row a series and forecaster; left_out.csv."""
    files.write_checked(plan.folder / SCORES, summary.csv_of(table))
    files.write_checked(plan.folder / SUMMARY, summary.csv_of(totals))
    left = pd.DataFrame([(each.series, *both(each.why)) for each in plan.left], columns=["series", "why", "why_zh"])
    files.write_checked(plan.folder / LEFT, summary.csv_of(left))


def failure(folder: Path) -> str:
    """How many draws of the parameters a back-test is without, and why the first; "" if it has all."""
    said = stored.unsealed(folder / SEAL)
    if not said["draws_failed"]:
        return ""
    return _("{folder}: {failed} of {draws} draws of parameters have no result; the first: {why}", folder=folder,
             failed=said["draws_failed"], draws=said["draws"],
             why=with_chinese(said["failed"][0], said.get("failed_zh", [""])[0]))


def read(folder: Path) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(what forecast.json says, scores, summary, what is left out) of a finished back-test."""
    tables = [read_csv(folder / name) for name in (SCORES, SUMMARY, LEFT)]
    return stored.unsealed(folder / SEAL), *tables  # type: ignore[return-value]  # three tables


def _packed(found: Sequence[Mapping[str, Mixture]]) -> bytes:
    """Laws as arrays: for every forecaster, targets, lengths and the components one after another."""
    names = dict.fromkeys(name for each in found for name in each)
    arrays: dict[str, Any] = {}
    for name in names:
        mine = [(k, each[name]) for k, each in enumerate(found) if name in each]
        arrays[f"{name}.target"] = np.array([k for k, _ in mine])
        arrays[f"{name}.events"] = np.array([each.events for _, each in mine])
        arrays[f"{name}.length"] = np.array([len(each.weight) for _, each in mine])
        for part in ("weight", "mean", "variance"):
            arrays[f"{name}.{part}"] = np.concatenate([getattr(each, part) for _, each in mine])
    return _compressed({"names": np.array(list(names)), **arrays})


def _compressed(arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _unpacked(archive, targets):
    found: list[dict[str, Mixture]] = [{} for _ in range(targets)]
    for name in archive["names"].tolist():
        ends = np.cumsum(archive[f"{name}.length"])[:-1]
        parts = [np.split(archive[f"{name}.{part}"], ends) for part in ("weight", "mean", "variance")]
        for k, events, *law in zip(archive[f"{name}.target"], archive[f"{name}.events"], *parts, strict=True):
            found[int(k)][name] = Mixture(*law, bool(events))
    return found
