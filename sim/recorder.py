"""What a run leaves behind, quarter by quarter, as plain arrays of one chunk of members."""

import numpy as np

CUBES = ("enterprises", "headquarters", "entries", "exits", "spinoffs")     # (site, industry, type)
MARKET = ("rent", "floor", "unmet_demand", "red_line_premium")
PLACES = ("employment", *MARKET)                                             # (site,)


class Recorder:
    """Arrays (member, quarter + 1, ...); entry 0 is the opening state, flows there are 0."""

    def __init__(self, world):
        length = world.calendar.length + 1
        cube = (world.members, length, world.sites, world.industries, len(world.type_names))
        self.arrays = {name: np.zeros(cube, np.int32) for name in CUBES}
        self.arrays |= {name: np.zeros((world.members, length, world.sites)) for name in PLACES}
        self.arrays["flows"] = np.zeros(
            (world.members, length, world.industries, world.sites, world.sites + 1), np.int16)
        self.arrays["declined"] = np.zeros((world.members, length), np.int32)

    def opening(self, enterprises, headquarters, employees):
        """Record the state before the first quarter, at base-year rents."""
        self._stocks(0, enterprises, headquarters, employees, (1.0, 1.0, 0.0, 0.0))

    def quarter(self, index, info):
        """Record the close of quarter `index` (0 is the first)."""
        self._stocks(index + 1, info.enterprises, info.headquarters, info.employees,
                     [getattr(info, name) for name in MARKET])
        for name in ("entries", "exits", "spinoffs", "flows", "declined"):
            self.arrays[name][:, index + 1] = getattr(info.events, name)

    def _stocks(self, entry, enterprises, headquarters, employees, market):
        self.arrays["enterprises"][:, entry] = enterprises
        self.arrays["headquarters"][:, entry] = headquarters
        self.arrays["employment"][:, entry] = employees / 1024.0
        for name, values in zip(MARKET, market):
            self.arrays[name][:, entry] = values
