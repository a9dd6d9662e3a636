"""What can happen to a consequence (奖惩) of an evaluated result."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class ConsequenceState(StrEnum):
    IMPOSED = "imposed"
    LIFTED = "lifted"


S = ConsequenceState

# fmt: off
CONSEQUENCE = Lifecycle("consequence", start=S.IMPOSED, created="consequence.imposed", moves=[
    #    move    from       to        by           event
    Move("lift", S.IMPOSED, S.LIFTED, "purchaser", "consequence.lifted"),
])
# fmt: on


class ConsequenceKind(StrEnum):
    """What follows from a result (6.1(9))."""

    PAYMENT_IN_FULL = "payment_in_full"
    """全额支付"""
    PAYMENT_IN_PART = "payment_in_part"
    """部分支付，其余待整改"""
    PAYMENT_WITHHELD = "payment_withheld"
    """暂不支付"""
    RENEWAL_GROUND = "renewal_ground"
    """续约及优先依据"""
    CORRECTION = "correction"
    """限期整改"""
    PURCHASE_BAN = "purchase_ban"
    """下一年度不得承接"""
