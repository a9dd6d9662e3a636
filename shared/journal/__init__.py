"""One append-only journal per service: history, feed, audit and proof are views of it."""
