"""Where: sites, network and stock of a region, from its folder or made up."""
