"""What all figures share: theme, page, words, places of labels, the base of maps."""
