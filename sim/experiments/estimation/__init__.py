"""Coefficients of the choice model from lists of firms: reading, regressors, maximum likelihood, what it is worth."""
