"""What the package brings along as data, by name."""

from importlib import resources


def regions():
    """Names of the regions inside the package."""
    folders = resources.files("sim").joinpath("regions").iterdir()
    return sorted(f.name.replace("_", "-") for f in folders if f.is_dir() and f.name[0] not in "._")
