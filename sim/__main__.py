"""`python -m sim`: the command `sim`, where no console script is on the path."""

from sim.cli import main

if __name__ == "__main__":
    main()
