"""What integrators are given; begin with README.md."""
