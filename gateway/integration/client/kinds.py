"""Which kinds of problems may be asked again (errors.md). Made from the committed contract by `make integration`; do not change it by hand."""

SAME = frozenset(
    [
        "overloaded",
        "request-timeout",
        "still-running",
        "too-many-requests",
        "unavailable",
        "upstream-timeout",
    ]
)
"""The very same request, in time and under the same key."""

AFTER_TOKEN = frozenset(["unauthenticated"])
"""The same with another token."""
