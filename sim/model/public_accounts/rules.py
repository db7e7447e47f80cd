"""What is in force in a quarter, as the tally of the enterprises reads it."""

import numpy as np

from sim import policies
from sim.kernels.tax_base import Rules
from sim.policies.costs import in_force


def acting(world, quarter):
    """What Rules depend on: which policies are in force, for which members, and whose relief is not over yet."""
    return tuple((in_force(policy).tobytes(), relieves(policy, world).tobytes() if relieves else b"")
                 for policy in world.dated(quarter) for relieves in [policies.registry.get(policy.instrument).relieves])


def rules(world, quarter):
    """The Rules of a quarter, whatever enterprises perceive of them."""
    policies_then = world.dated(quarter)
    shape = (world.members, len(policies_then), world.classes)
    pays = np.zeros((*shape, world.sites), np.int8)
    recognises = np.zeros((world.members, len(policies_then), world.sites), np.int8)
    bar, research = np.full(shape, np.inf), np.zeros(shape)
    for p, policy in enumerate(policies_then):
        paid = policies.registry.get(policy.instrument).pays
        if paid:
            grant = paid(policy, world)
            there = in_force(policy)[:, None] * policy.where
            pays[:, p] = grant.eligible[:, :, None] * there[:, None, :]
            recognises[:, p] = there * grant.recognition
            bar[:, p], research[:, p] = grant.bar, grant.research
    return Rules(_relief_by(world, policies_then), pays, recognises, bar, research, world.industries,
                 len(world.type_names))


def _relief_by(world, policies_then):
    """(member, class, site) policy with the largest relief, the first of equals; -1 for none."""
    best = np.zeros((world.members, world.classes, world.sites))
    number = np.full(best.shape, -1)
    for p, policy in enumerate(policies_then):
        relieves = policies.registry.get(policy.instrument).relieves
        if relieves:
            relief = (relieves(policy, world) * in_force(policy)[:, None])[:, :, None] * policy.where
            number = np.where(relief > best, p, number)
            best = np.maximum(best, relief)
    return number
