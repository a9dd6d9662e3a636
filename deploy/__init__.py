"""Running the suite: on one machine, in the demo, in production."""
