"""The words of the figures of comparison, in English and Chinese."""

from sim.plots.common.words import read, words_of

TABLE = read("comparison_figures")
word = words_of(TABLE)
