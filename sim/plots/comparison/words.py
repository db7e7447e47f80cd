"""The words of the figures of comparison."""

from sim.base.word_tables import Words
from sim.plots.common import words

word = Words("comparison_figures", below=words.word)
