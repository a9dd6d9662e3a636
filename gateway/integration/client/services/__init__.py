"""A module for each service. Made from the committed contract by `make integration`; do not change it by hand."""
