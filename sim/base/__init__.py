"""What every package may use: errors, registries, time, keys of random draws, distances, files, versions."""
