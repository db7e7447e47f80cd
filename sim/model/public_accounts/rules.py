"""What is in force in a quarter, as the tally of the enterprises reads it."""

import numpy as np

from sim import policies
from sim.kernels.tax_base import Rules
from sim.model.world import World
from sim.policies.costs import in_force


def rules(world: World, quarter: int) -> Rules:
    """The Rules of a quarter, whatever enterprises perceive; the same until a policy or its relief begins or ends."""
    policies_then = world.dated(quarter)
    return world.keep("rules", list(_acting(world, policies_then)), lambda world, _: _rules(world, policies_then))


def _acting(world, policies_then):
    """What Rules depend on: which policies are in force, for which members, and whose relief is not over yet."""
    for policy in policies_then:
        entry = policies.registry.get(policy.instrument)
        if entry.relieves or entry.pays:
            yield in_force(policy)
        if entry.relieves:
            yield entry.relieves(policy, world)


def _rules(world, policies_then):
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
    relief_by, least = _relief_by(world, policies_then), bar.min(axis=2, initial=np.inf)
    lowest = np.where(recognises.any(axis=2), least, np.inf).min(axis=1, initial=np.inf)
    return Rules(relief_by, (relief_by >= 0).any(axis=1), pays, recognises, bar, research,
                 np.flatnonzero((least < np.inf).any(axis=0)), lowest, world.region.jurisdiction_of_site,
                 world.industries, len(world.type_names))


def _relief_by(world, policies_then):
    """(member, class, site) policy with the largest relief, the first of equals; -1 for none."""
    best = np.zeros((world.members, world.classes, world.sites))
    number = np.full(best.shape, -1, np.int16)
    for p, policy in enumerate(policies_then):
        relieves = policies.registry.get(policy.instrument).relieves
        if relieves:
            relief = (relieves(policy, world) * in_force(policy)[:, None])[:, :, None] * policy.where
            number = np.where(relief > best, p, number)
            best = np.maximum(best, relief)
    return number
