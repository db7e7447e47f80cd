"""The choice of a site: utilities, peers, errors, and its expectation in closed form."""
