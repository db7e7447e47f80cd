"""Regions: sites, transport network and opening stock, from a folder or synthetic."""
