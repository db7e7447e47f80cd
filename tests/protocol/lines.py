"""The lines of the protocol by their names, in the order in which they are run."""

from protocol import again, folders, harms, hostile, kills, locks, mutated, one_hash, signals, silences, spoils

LINES = {
    "K1": lambda bench, given: kills.on_pool(bench, given.kills),
    "K1d": lambda bench, given: kills.on_dask(bench, given.dask_kills),
    "K4": lambda bench, given: harms.harms(bench),
    "K5": lambda bench, given: [silences.silences(bench, given.silences), silences.deaf(bench)],
    "K7": lambda bench, given: signals.signals(bench, 5),
    "K9": lambda bench, given: again.finished(bench, 10),
    "K10": lambda bench, given: again.edits(bench),
    "S2": lambda bench, given: folders.closed(bench),
    "S3": lambda bench, given: folders.removals(bench, 8),
    "S4": lambda bench, given: spoils.bits(bench, 100),
    "S5": lambda bench, given: spoils.cuts(bench, 25),
    "S6": lambda bench, given: locks.locks(bench, 10),
    "F1": lambda bench, given: hostile.folders(bench, given.hostile),
    "F2": lambda bench, given: mutated.changed(bench, given.mutated),
    "R2": lambda bench, given: one_hash.orders(bench),
    "R3": lambda bench, given: one_hash.encrypted(bench),
    "R4": lambda bench, given: one_hash.threads(bench),
}
