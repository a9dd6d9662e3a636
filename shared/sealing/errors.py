"""Why sealed bytes are refused: every refusal has a reason code and says where it was found."""

from enum import StrEnum


class Reason(StrEnum):
    """The whole list. A code never changes its meaning: minutes and test vectors carry them."""

    # cannot be read
    UNREADABLE = "unreadable"
    NOT_CANONICAL = "not-canonical"
    MISSING_FIELD = "missing-field"
    UNKNOWN_FIELD = "unknown-field"
    WRONG_TYPE = "wrong-type"
    OUT_OF_RANGE = "out-of-range"
    DUPLICATE = "duplicate"
    WRONG_ORDER = "wrong-order"
    TOO_LARGE = "too-large"
    UNKNOWN_FORMAT = "unknown-format"
    UNKNOWN_SUITE = "unknown-suite"
    INVALID_KEY = "invalid-key"
    # can be read, and is not what it claims to be
    SIGNATURE = "signature"
    UNTRUSTED_KEY = "untrusted-key"
    OTHER_POLICY = "other-policy"
    OTHER_BID = "other-bid"
    OTHER_SESSION = "other-session"
    OTHER_ROOT = "other-root"
    # shares
    SHARE_MISSING = "share-missing"
    SHARE_CHANGED = "share-changed"
    SHARE_DOES_NOT_OPEN = "share-does-not-open"
    SHARE_HASH = "share-hash"
    SHARES_INCONSISTENT = "shares-inconsistent"
    TOO_FEW_SHARES = "too-few-shares"
    COMMITMENT = "commitment"
    # parts
    PART_MISSING = "part-missing"
    PART_EXTRA = "part-extra"
    PART_CHANGED = "part-changed"
    PART_KEY = "part-key"
    PART_DOES_NOT_OPEN = "part-does-not-open"
    PART_PADDING = "part-padding"
    # what is inside
    STATEMENT = "statement"
    FORM = "form"
    IDENTITY = "identity"
    # the closing, the opening, the record
    PROOF = "proof"
    WITHDRAWAL = "withdrawal"
    TOO_EARLY = "too-early"
    COUNTED_SET = "counted-set"
    MINUTES = "minutes"
    FILE_MISSING = "file-missing"
    FILE_EXTRA = "file-extra"
    FILE_CHANGED = "file-changed"
    # key files
    PASSPHRASE = "passphrase"


class SealingError(Exception):
    """Something sealed is refused: `reason` is the code, `where` names the part that is wrong."""

    def __init__(self, reason: Reason, where: str, detail: str = "") -> None:
        self.reason = reason
        self.where = where
        self.detail = detail
        super().__init__(f"{where}: {reason.value}" + (f" ({detail})" if detail else ""))


class Malformed(SealingError):
    """It cannot be read as what it should be."""


class NotGenuine(SealingError):
    """It can be read, but a signature, a hash or a tag says that it is not the real thing."""


class Untrusted(SealingError):
    """It is signed, but not by a key that the verifier was told to trust."""


class NotEnough(SealingError):
    """Too few shares to rebuild a key."""


class WrongPassphrase(SealingError):
    """The passphrase does not open the key file."""
