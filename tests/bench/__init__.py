"""The suite's speed, beside the raw limit in the same run: `make bench`. Never a timed test."""
