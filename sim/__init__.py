"""Agent-based simulator of how headquarters clusters form."""


def __getattr__(name):
    """Public names, imported when first used, so that `import sim` costs nothing.

    load(path) -> xarray.Dataset of a finished run or of a sweep; ClusterModel, the mesa model.
    """
    if name == "load":
        from sim.experiments.sweep.load import load
        return load
    if name == "ClusterModel":
        from sim.mesa_model import ClusterModel
        return ClusterModel
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
