"""`python -m shared.bidkit`, the same as `bidkit`."""

from shared.bidkit.cli import main

if __name__ == "__main__":
    main()
