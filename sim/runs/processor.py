"""The processor that a run is computed on, as far as results depend on it."""

import functools


@functools.cache
def used() -> dict[str, str]:
    """What last bits of numbers depend on beside versions: the processor, and what numpy and numba use of it."""
    import llvmlite.binding as llvm
    import numpy as np
    from numba.core import config

    host = llvm.get_host_cpu_features()
    name, features = (getattr(config, key) for key in ("CPU_NAME", "CPU_FEATURES"))        # made as numba starts
    target = [name or llvm.get_host_cpu_name(), *([features] if features else [])]
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return {"name": llvm.get_host_cpu_name(), "features": " ".join(sorted(name for name, has in host.items() if has)),
            "numpy": " ".join([*simd.get("baseline", []), *simd.get("found", [])]), "numba": " ".join(target)}
