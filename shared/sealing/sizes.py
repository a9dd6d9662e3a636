"""Size classes, so that the length of a ciphertext says little about what is inside."""

SMALLEST = 1024
"""Every form and letter falls into the first class."""


def padme(size: int) -> int:
    """The Padmé class of a size: at most 12 % more, and only the top bits of the size show."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1 if exponent > kept else 0
    return (size + mask) & ~mask


def size_class(size: int) -> int:
    return padme(max(size, SMALLEST))
