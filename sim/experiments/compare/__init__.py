"""Comparison of scenarios that share every draw: effects by member, and what they are made of.

    arguments -> cases (what to compare) -> runs (missing ones are made) -> levels (stocks and flows at
    the closes of years) -> tables (effects, decomposition, leakage, ranking ...) -> folder
"""
