"""The sealed-bid format (密封投标): bytes in, bytes out.

Nothing here touches a network, a database or a clock. The format is told in `FORMAT.md`; the
vectors that any other implementation must reproduce are in `vectors.json`.
"""
