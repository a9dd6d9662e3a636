"""The clauses that the sealed bids put into effect (密封投标), named by what they demand."""

from shared.policy import Clause
from shared.words import Text

TENDERING_LAW = "招标投标法"
TENDERING_REGULATION = "招标投标法实施条例"

BIDDERS_KEPT_SECRET = Clause(
    TENDERING_LAW,
    "22",
    Text(
        zh="招标人不得向他人透露潜在投标人的名称、数量等可能影响公平竞争的情况",
        en="Names and number of those who may bid are told to nobody",
    ),
)
KEPT_UNOPENED = Clause(
    TENDERING_LAW,
    "28",
    Text(
        zh="招标人收到投标文件后应当签收保存，不得开启；截止时间后送达的应当拒收",
        en="A bid is signed for, kept and not opened; one that comes after the deadline is refused",
    ),
)
MAY_BE_TAKEN_BACK = Clause(
    TENDERING_LAW,
    "29",
    Text(
        zh="投标人在截止时间前可以补充、修改或者撤回已提交的投标文件",
        en="Before the deadline a bid may be changed or taken back",
    ),
)
OPENED_AT_THE_DEADLINE = Clause(
    TENDERING_LAW,
    "34",
    Text(
        zh="开标应当在提交投标文件截止时间的同一时间公开进行",
        en="Bids are opened in public at the deadline",
    ),
)
SEAL_CHECKED_FIRST = Clause(
    TENDERING_LAW,
    "36",
    Text(
        zh="开标时检查密封情况，截止时间前收到的所有投标文件都应当当众拆封、宣读",
        en="The seals are checked first; everything received in time is opened and read out",
    ),
)
LATE_BIDS_REFUSED = Clause(
    TENDERING_REGULATION,
    "36",
    Text(
        zh="逾期送达或者不按照要求密封的投标文件应当拒收；如实记载送达时间和密封情况",
        en="Late or unsealed bids are refused; time of arrival and state of the seal are recorded",
    ),
)
