"""A scenario against its region, before anything is computed: what cannot be used, and memory."""
