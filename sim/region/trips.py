"""Minutes of a trip from a site's door to a hub's door.

A trip by transit is: way to a station (on foot, or by feeder beyond `walk_km`), waiting half the headway
of the first link of every line boarded, minutes in the vehicle, `transfer_min` at a change of line,
`egress_min` at the hub; within `access_km` of the hub also the way alone. By road: straight line x
`road_factor` at a speed that rises with distance, `road_min`, and the hub's centre penalty.

The graph has one node per station (its street) and one per (station, line) (in the vehicle there):

    street k  -> in l at k'   headway / 2 + minutes    for every link k-k' of line l (both ways)
    in l at k -> in l at k'   minutes
    in l at k -> street k     transfer_min
    in l at k -> door of k    egress_min               for every hub k
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.geodesy import separation_km
from sim.region.settings import Rules


def access_minutes(sites: NDArray[np.float64], stations: NDArray[np.float64], rules: Rules) -> NDArray[np.float64]:
    """(site, station) minutes from the door to the platform's street; inf beyond access_km."""
    km = separation_km(sites[:, None, 0], sites[:, None, 1], stations[None, :, 0], stations[None, :, 1])
    walk = km * rules.path_factor / rules.walk_kmh * 60
    feeder = km * rules.path_factor / rules.feeder_kmh * 60 + rules.feeder_min
    return np.where(km <= rules.walk_km, walk, np.where(km <= rules.access_km, feeder, np.inf))


def road_minutes(sites: NDArray[np.float64], hubs: pd.DataFrame, rules: Rules) -> NDArray[np.float64]:
    """(site, hub) minutes by road: road_min + centre penalty + sum over segments of km / speed."""
    lon, lat = hubs["lon"].to_numpy(), hubs["lat"].to_numpy()
    km = rules.road_factor * separation_km(sites[:, None, 0], sites[:, None, 1], lon, lat)
    return driving_minutes(km, rules) + rules.road_min + hubs["centre_penalty_min"].to_numpy()


def driving_minutes(km: NDArray[np.float64], rules: Rules) -> NDArray[np.float64]:
    """Minutes at the wheel over so many road kilometres, each segment at its speed."""
    edges = np.array([0.0, *rules.road_breaks_km, np.inf])
    in_segment = np.clip(np.asarray(km)[..., None] - edges[:-1], 0, np.diff(edges))
    return (in_segment / np.array(rules.road_kmh)).sum(axis=-1) * 60


def transit_minutes(access: NDArray[np.float64], links: pd.DataFrame, hubs: NDArray[np.int64],
                    rules: Rules) -> NDArray[np.float64]:
    """(site, hub) minutes by transit over the open links."""
    onward = to_hubs(links, access.shape[1], hubs, rules)
    ride = np.min(access[:, :, None] + onward[None], axis=1, initial=np.inf)
    return np.minimum(ride, access[:, hubs])


def to_hubs(links: pd.DataFrame, stations: int, hubs: NDArray[np.int64], rules: Rules) -> NDArray[np.float64]:
    """(station, hub) minutes from the street of each of n stations to the hub's door, riding at least once.

    `links` has station numbers in `start` and `end`, line, minutes and headway; inf where no trip.
    """
    if not len(hubs):
        return np.zeros((stations, 0))
    from scipy.sparse.csgraph import dijkstra
    both = pd.concat([links, links.rename(columns={"start": "end", "end": "start"})])
    lines, of_line = np.unique(both["line"].to_numpy(str), return_inverse=True)
    vehicle = stations * (1 + of_line)                       # first number of the nodes of a line
    start, end = both["start"].to_numpy(), both["end"].to_numpy()
    door = stations * (1 + len(lines))
    riding, arrived = vehicle + start, vehicle + end
    aboard = np.unique(arrived)
    boarding = both["minutes"].to_numpy() + both["headway"].to_numpy() / 2
    leaving = aboard[np.isin(aboard % stations, hubs)]
    edges = [(start, arrived, boarding), (riding, arrived, both["minutes"].to_numpy()),
             (aboard, aboard % stations, np.full(len(aboard), rules.transfer_min)),
             (leaving, door + leaving % stations, np.full(len(leaving), rules.egress_min))]
    backwards = _graph(edges, door + stations)
    return dijkstra(backwards, indices=door + np.asarray(hubs))[:, :stations].T


def _graph(edges, nodes):
    """Sparse matrix of the edges turned round, the shortest of parallel ones kept."""
    from scipy.sparse import csr_array
    start, end, minutes = (np.concatenate(part) for part in zip(*edges))
    shortest = pd.Series(minutes).groupby([end, start]).min()
    ends, starts = (shortest.index.get_level_values(level).to_numpy() for level in (0, 1))
    return csr_array((shortest.to_numpy(float), (ends, starts)), shape=(nodes, nodes))
