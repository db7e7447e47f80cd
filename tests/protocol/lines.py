"""The lines of the protocol by their names, in the order in which they are run."""

from protocol import again, deaths, flips, folders, harms, kills, locks, one_hash, sendings, signals, silences, spoils

LINES = {
    "K1": lambda bench, given: kills.on_pool(bench, given.kills, given.paces),
    "K1d": lambda bench, given: kills.on_dask(bench, given.dask_kills, given.paces),
    "K2": lambda bench, given: deaths.on_pool(bench, given.deaths, given.paces),
    "K2d": lambda bench, given: deaths.on_dask(bench, given.dask_deaths, given.paces),
    "K3": lambda bench, given: deaths.of_real_runs(bench, given.real_deaths),
    "K4": lambda bench, given: harms.harms(bench, given.paces),
    "K6": lambda bench, given: sendings.sendings(bench, given.sendings),
    "K5": lambda bench, given: [silences.silences(bench, given.silences, given.paces), silences.deaf(bench)],
    "K7": lambda bench, given: signals.signals(bench, 5, given.paces),
    "K9": lambda bench, given: again.finished(bench, 10),
    "K10": lambda bench, given: again.edits(bench),
    "S2": lambda bench, given: folders.closed(bench),
    "S3": lambda bench, given: folders.removals(bench, 8, given.paces),
    "S4": lambda bench, given: spoils.bits(bench, 100),
    "S5": lambda bench, given: spoils.cuts(bench, 25),
    "S6": lambda bench, given: locks.locks(bench, 10),
    "S7": lambda bench, given: flips.flips(bench, given.flips),
    "R2": lambda bench, given: one_hash.orders(bench),
    "R3": lambda bench, given: one_hash.encrypted(bench),
    "R4": lambda bench, given: one_hash.threads(bench),
}
