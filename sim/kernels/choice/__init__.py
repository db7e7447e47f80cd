"""The choice of a site: utilities, peers, errors, and its expectation in closed form.

In the order of reading, what an enterprise sees:
    crowd               those who choose, side by side
    holiday             the part of a stay with relief
    registration_value  what legal places are worth
    wide                sums over sites
    utility             what sites offer
    peers               who else is there, as counts change
    still_peers         the same where they do not
    systematic_utility  all of it, errors apart

what it does:
    draws               errors, by key
    rough_errors        the same in single precision, within a bound
    tangents            bounds that settle most choices
    choice              one quarter's choices
    alike               the same of those who see the same

and what is expected of it:
    expected            probabilities
    staying             those of staying, with several tastes
    rough_weights       the same in single precision, within a bound
    initial_errors      errors with which an enterprise stays

Flows and constants of the base year are in `kernels.base_year`.
"""
