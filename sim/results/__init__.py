"""Results of a run: dataset, scalars, summary, public accounts, direct effects, evidence."""
