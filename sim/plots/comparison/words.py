"""The words of the figures of comparison, in English and Chinese."""

from sim.base.word_tables import read
from sim.plots.common.words import words_of

TABLE = read("comparison_figures")
word = words_of(TABLE)
