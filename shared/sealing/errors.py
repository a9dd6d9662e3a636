"""Why sealed bytes are refused: every refusal has a reason code and says where it was found."""

from enum import StrEnum

from shared.words import Text


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


MEANINGS = {
    Reason.UNREADABLE: Text(zh="无法读取", en="it cannot be read"),
    Reason.NOT_CANONICAL: Text(
        zh="不是规范格式（RFC 8785）", en="it is not in canonical form (RFC 8785)"
    ),
    Reason.MISSING_FIELD: Text(zh="缺少字段", en="a field is missing"),
    Reason.UNKNOWN_FIELD: Text(zh="含未知字段", en="it has an unknown field"),
    Reason.WRONG_TYPE: Text(zh="类型不符", en="the type is another one"),
    Reason.OUT_OF_RANGE: Text(zh="取值超出范围", en="the value is out of range"),
    Reason.DUPLICATE: Text(zh="有重复", en="something stands twice"),
    Reason.WRONG_ORDER: Text(zh="顺序不符", en="the order is another one"),
    Reason.TOO_LARGE: Text(zh="过大", en="it is too large"),
    Reason.UNKNOWN_FORMAT: Text(zh="格式版本未知", en="the format is unknown"),
    Reason.UNKNOWN_SUITE: Text(zh="密码套件未知", en="the suite of algorithms is unknown"),
    Reason.INVALID_KEY: Text(zh="密钥无效", en="the key is not valid"),
    Reason.SIGNATURE: Text(zh="签名不符", en="the signature does not fit"),
    Reason.UNTRUSTED_KEY: Text(zh="签名密钥不受信任", en="the key is not a trusted one"),
    Reason.OTHER_POLICY: Text(zh="属于另一密封规则", en="it belongs to another seal policy"),
    Reason.OTHER_BID: Text(zh="属于另一投标", en="it belongs to another bid"),
    Reason.OTHER_SESSION: Text(zh="属于另一次开标", en="it belongs to another opening session"),
    Reason.OTHER_ROOT: Text(
        zh="与截标时的根哈希不符", en="it is not under the root of the closing"
    ),
    Reason.SHARE_MISSING: Text(zh="缺少密钥份额", en="a share is missing"),
    Reason.SHARE_CHANGED: Text(zh="密钥份额已被改动", en="a share was changed"),
    Reason.SHARE_DOES_NOT_OPEN: Text(zh="密钥份额无法解密", en="a share does not open"),
    Reason.SHARE_HASH: Text(zh="密钥份额与其哈希不符", en="a share does not fit its hash"),
    Reason.SHARES_INCONSISTENT: Text(
        zh="密钥份额彼此不一致", en="the shares do not fit each other"
    ),
    Reason.TOO_FEW_SHARES: Text(zh="密钥份额不足", en="there are too few shares"),
    Reason.COMMITMENT: Text(zh="与承诺值不符", en="it does not fit the commitment"),
    Reason.PART_MISSING: Text(zh="缺少投标部分", en="a part is missing"),
    Reason.PART_EXTRA: Text(zh="有多余的投标部分", en="there is a part too many"),
    Reason.PART_CHANGED: Text(zh="投标部分已被改动", en="a part was changed"),
    Reason.PART_KEY: Text(zh="投标部分的密钥不符", en="the key of a part does not fit"),
    Reason.PART_DOES_NOT_OPEN: Text(zh="投标部分无法解密", en="a part does not open"),
    Reason.PART_PADDING: Text(zh="投标部分的填充不符", en="the padding of a part does not fit"),
    Reason.STATEMENT: Text(
        zh="投标声明与内容不符", en="the bid statement does not fit the contents"
    ),
    Reason.FORM: Text(zh="报价表不符合要求", en="the price form is not as it should be"),
    Reason.IDENTITY: Text(zh="投标人身份不符", en="the bidder is not the same everywhere"),
    Reason.PROOF: Text(zh="存证证明不符", en="the proof does not fit"),
    Reason.WITHDRAWAL: Text(zh="撤回凭据不符", en="the withdrawal does not fit"),
    Reason.TOO_EARLY: Text(zh="尚未到时间", en="it is too early"),
    Reason.COUNTED_SET: Text(zh="与计入开标的投标不符", en="it does not fit the bids that count"),
    Reason.MINUTES: Text(zh="与开标记录不符", en="it does not fit the minutes"),
    Reason.FILE_MISSING: Text(zh="缺少文件", en="a file is missing"),
    Reason.FILE_EXTRA: Text(zh="有多余的文件", en="there is a file too many"),
    Reason.FILE_CHANGED: Text(zh="文件已被改动", en="a file was changed"),
    Reason.PASSPHRASE: Text(zh="口令不符合要求或不正确", en="the passphrase is too short or wrong"),
}
"""What each code says to people."""


class SealingError(Exception):
    """Something sealed is refused: `reason` is the code, `where` names the part that is wrong."""

    def __init__(self, reason: Reason, where: str, detail: str = "") -> None:
        self.reason = reason
        self.where = where
        self.detail = detail
        super().__init__(f"{where}: {reason.value}" + (f" ({detail})" if detail else ""))

    @property
    def told(self) -> Text:
        """The refusal for people, with its code; the detail is for those who mend the bytes."""
        meaning = MEANINGS[self.reason]
        place = f"{self.reason.value}: {self.where}"
        detail = f"; {self.detail}" if self.detail else ""
        return Text(zh=f"{meaning.zh}（{place}）", en=f"{meaning.en} ({place}{detail})")


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
