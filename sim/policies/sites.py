"""Which sites the words of a policy mean; no instrument is registered here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.region.load import Region


def site_groups(region: Region) -> dict[str, NDArray[np.bool_]]:
    """Group word or jurisdiction -> (site,) mask of the sites that it stands for."""
    sites, ring = region.sites, region.ring_of_site
    groups = {"zone": sites["in_zone"], "towns": sites["is_town"], "startup": sites["in_startup_area"],
              "core": ring == "core", "linkage": ring == "linkage", "radiation": ring == "radiation", "all": ring != ""}
    for number, jurisdiction in enumerate(region.jurisdictions.index):
        groups.setdefault(jurisdiction, region.jurisdiction_of_site == number)
    return {word: np.asarray(mask, dtype=bool) for word, mask in groups.items()}


def chosen_sites(region: Region, wanted: str | list[str]) -> NDArray[np.bool_]:
    """(site,) mask of a policy's sites: a list of ids, a single id, a group word or a jurisdiction."""
    names = [wanted] if isinstance(wanted, str) else wanted
    groups = site_groups(region)
    if isinstance(wanted, str) and wanted in groups:
        return groups[wanted]
    chosen = np.zeros(len(region.sites), dtype=bool)
    chosen[[region.sites.index.get_loc(name) for name in names]] = True  # type: ignore[index]  # ids are unique
    return chosen


def is_known(region: Region, wanted: str | list[str]) -> bool:
    """Whether a policy's sites are the region's."""
    known = {*site_groups(region), *region.sites.index}
    return known.issuperset([wanted] if isinstance(wanted, str) else wanted)
