"""How bids are scored and ranked, and why each stands where it stands.

All of it is exact. The price score is rounded once, here, to two places, half up: that is the
score the law lets us write down. The technical score is the panel's average and is never rounded;
totals are compared as fractions, and rounded only to be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from services.procurement.policy.clauses import (
    PRICE_SCORE,
    PRIORITY,
    RANKING,
    RECUSAL,
    REPORT_IN_TIME,
    WINNER_REFUSES,
)
from services.procurement.policy.codelists import Grade
from services.procurement.policy.figures import PRIORITY_TEST
from services.procurement.policy.terms import NO, NONE, YES, spoken
from shared.money import Money
from shared.policy import Answer, Rulebook, Verdict, breached, met, not_applicable, rule, warned
from shared.words import Text

HUNDREDTH = Decimal("0.01")


def price_score(base: Money, price: Money, points: int) -> Decimal:
    """base / price × points, rounded half up to two places. `base` is the lowest qualified price."""
    if price.fen <= 0 or base.fen <= 0:
        raise ValueError("a price above zero is needed to score it")
    return rounded(Fraction(base.fen * points, price.fen))


def panel_average(totals: Sequence[Decimal]) -> Fraction:
    """What the panel gives, on average and exactly."""
    return sum((Fraction(total) for total in totals), Fraction(0)) / len(totals)


def rounded(score: Fraction) -> Decimal:
    """A score as it is written down: two places, half up; worked out in whole numbers."""
    hundredths = (score.numerator * 200 + score.denominator) // (2 * score.denominator)
    return Decimal(hundredths).scaleb(-2).quantize(HUNDREDTH)


# --- what is ranked -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """What registry and evaluation said about a supplier on the day of the deadline."""

    on: date
    grade: Grade | None
    passed_twice: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A qualified bid: its price, and each panellist's total for everything but the price."""

    credit_code: str
    price: Money
    totals: Sequence[Decimal]
    priority: PriorityFacts


@dataclass(frozen=True, slots=True)
class Scored:
    """A bid with its scores, as it is compared with others."""

    offer: Offer
    base: Money
    price_points: int
    price: Decimal
    technical: Fraction
    priority: bool

    @property
    def total(self) -> Fraction:
        return Fraction(self.price) + self.technical

    @property
    def order(self) -> tuple[Fraction, int, bool]:
        """Score down, then price up, then the printed priority."""
        return (-self.total, self.offer.price.fen, not self.priority)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bid stands: `above` is the next better one, `equals` share score and price."""

    number: int
    scored: Scored
    above: Scored | None
    equals: Sequence[str]
    shares: Sequence[str]
    """Those that priority could not part either: they hold the place together."""
    governed_by: date


def has_priority(facts: PriorityFacts, governed_by: date) -> bool:
    """6.1(7): graded well enough on the day, and the last inspections all passed."""
    test = PRIORITY_TEST.on(governed_by)
    graded = facts.grade is not None and facts.grade.at_least(test.least_grade)
    return graded and facts.passed_twice


def rank(offers: Sequence[Offer], price_points: int, governed_by: date) -> Sequence[Place]:
    """Every offer in its place. The order of arrival decides nothing: ties stay ties."""
    if not offers:
        return []
    base = min(offer.price for offer in offers)
    scored = [_score(offer, base, price_points, governed_by) for offer in offers]
    # The credit code only fixes how equals are listed.
    ordered = sorted(scored, key=lambda s: (s.order, s.offer.credit_code))
    places: list[Place] = []
    for _, group in groupby(ordered, key=lambda s: s.order):
        together = list(group)
        number = len(places) + 1
        above = places[-1].scored if places else None
        for one in together:
            places.append(
                Place(
                    number=number,
                    scored=one,
                    above=above,
                    equals=[s.offer.credit_code for s in ordered if _equal(s, one)],
                    shares=[s.offer.credit_code for s in together if s is not one],
                    governed_by=governed_by,
                )
            )
    return places


def _score(offer: Offer, base: Money, points: int, governed_by: date) -> Scored:
    return Scored(
        offer=offer,
        base=base,
        price_points=points,
        price=price_score(base, offer.price, points) if points else Decimal("0.00"),
        technical=panel_average(offer.totals) if offer.totals else Fraction(0),
        priority=has_priority(offer.priority, governed_by),
    )


def _equal(other: Scored, one: Scored) -> bool:
    return other is not one and other.order[:2] == one.order[:2]


# --- why it stands there ------------------------------------------------------------------------

PRICE_SCORED = Text(
    zh="价格分 {score} ＝ {base} ÷ {price} × {points}",
    en="price {score} = {base} / {price} × {points}",
)
PRICE_NOT_SCORED = Text(zh="价格不计分", en="the price is not scored")


@rule(PRICE_SCORE)
def price_is_scored_by_the_formula(place: Place) -> Answer:
    scored = place.scored
    if not scored.price_points:
        return not_applicable(PRICE_NOT_SCORED)
    return met(
        PRICE_SCORED,
        score=scored.price,
        base=scored.base,
        price=scored.offer.price,
        points=scored.price_points,
    )


AVERAGED = Text(
    zh="{panellists} 名评委技术分 {totals}，平均 {average}（{exactly}）",
    en="{panellists} panellists gave {totals}: {average} on average ({exactly})",
)
NOT_AVERAGED = Text(zh="无评分", en="nothing is scored by the panel")


@rule(RANKING)
def panel_is_averaged_exactly(place: Place) -> Answer:
    totals = place.scored.offer.totals
    if not totals:
        return not_applicable(NOT_AVERAGED)
    return met(
        AVERAGED,
        panellists=len(totals),
        totals="、".join(str(total) for total in totals),
        average=rounded(place.scored.technical),
        exactly=place.scored.technical,
    )


HIGHEST = Text(zh="总分 {total}，最高", en="total {total}, the highest")
LOWER = Text(
    zh="总分 {total}，低于前一名的 {above}", en="total {total}, below {above} of the place before"
)
SAME_SCORE = Text(zh="总分 {total}，与前一名相同", en="total {total}, the same as the place before")


@rule(RANKING)
def stands_by_its_score(place: Place) -> Answer:
    total = rounded(place.scored.total)
    if place.above is None:
        return met(HIGHEST, total=total)
    above = rounded(place.above.total)
    if place.scored.total < place.above.total:
        return met(LOWER, total=total, above=above)
    return met(SAME_SCORE, total=total)


PRICE_NOT_NEEDED = Text(zh="总分已分先后", en="the scores decide")
DEARER = Text(
    zh="总分相同，报价 {price} 元高于前一名的 {above} 元",
    en="equal in score; {price} yuan is more than {above} of the place before",
)
SAME_PRICE = Text(zh="总分与报价 {price} 元均相同", en="equal in score and in price, {price} yuan")


@rule(RANKING)
def then_by_its_price(place: Place) -> Answer:
    price, above = place.scored.offer.price, place.above
    if place.equals:
        return met(SAME_PRICE, price=price)
    if above is None or place.scored.total != above.total:
        return not_applicable(PRICE_NOT_NEEDED)
    return met(DEARER, price=price, above=above.offer.price)


PRIORITY_NOT_NEEDED = Text(zh="得分或报价已分先后", en="score or price decide")
PRIORITY_HELD = Text(
    zh="{on} 评估等级 {grade}，连续两年年检合格：{passed}；按公布的规则优先于 {equals}",
    en="graded {grade} on {on}, two inspections passed running: {passed}; "
    "by the printed rule it goes before {equals}",
)
PRIORITY_NOT_HELD = Text(
    zh="{on} 评估等级 {grade}，连续两年年检合格：{passed}；不符合优先条件",
    en="graded {grade} on {on}, two inspections passed running: {passed}; no priority",
)
STILL_TIED = Text(
    zh="优先规则也不能分出先后，与 {shares} 并列",
    en="priority cannot part them either: tied with {shares}",
)


@rule(PRIORITY)
def then_by_the_printed_priority(place: Place) -> Answer:
    if not place.equals:
        return not_applicable(PRIORITY_NOT_NEEDED)
    if place.shares:
        return warned(STILL_TIED, shares="、".join(place.shares))
    facts = place.scored.offer.priority
    grade = facts.grade.value if facts.grade else None
    words = PRIORITY_HELD if place.scored.priority else PRIORITY_NOT_HELD
    return met(
        spoken(
            words,
            grade=Text(zh=grade, en=grade) if grade else NONE,
            passed=YES if facts.passed_twice else NO,
        ),
        on=facts.on,
        grade=grade,
        passed=facts.passed_twice,
        equals="、".join(place.equals),
    )


STANDING = Rulebook(
    "a place in the ranking",
    [
        price_is_scored_by_the_formula,
        panel_is_averaged_exactly,
        stands_by_its_score,
        then_by_its_price,
        then_by_the_printed_priority,
    ],
)


def explain(place: Place) -> Verdict:
    """Why a bid stands where it stands."""
    return STANDING.judge(place, on=place.governed_by)


# --- the decision -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """What must be known to confirm an award."""

    decides: str
    recommended_by: str
    panel: frozenset[str]
    registers_agencies: bool
    """Whether the one who decides also decides the standing of agencies."""
    first: Sequence[str]
    """Who holds the first place; more than one when nothing could part them."""
    drawn: str | None
    draw_reference: str | None
    due: date
    today: date
    refused: Sequence[str] = ()
    """Who was chosen before and refused."""


BY_ANOTHER = Text(zh="确认人与推荐人、评委不同", en="decided by nobody who recommended or scored")
BY_THE_SAME = Text(
    zh="确认人不得是推荐人、评委或登记管理人员",
    en="who recommended, scored, or decides on agencies' standing does not confirm",
)


@rule(RECUSAL)
def decided_by_another(decision: Decision) -> Answer:
    same = decision.decides == decision.recommended_by or decision.decides in decision.panel
    if same or decision.registers_agencies:
        return breached(BY_THE_SAME)
    return met(BY_ANOTHER)


NOBODY_FIRST = Text(zh="没有候选人", en="there is no candidate")
FIRST_ALONE = Text(zh="第一候选人唯一", en="one bid holds the first place")
TIE_DRAWN = Text(
    zh="并列第一经抽签确定（{reference}）", en="the shared first place was drawn ({reference})"
)
TIE_OPEN = Text(
    zh="{number} 家并列第一，须记录抽签结果",
    en="{number} share the first place: record a draw among them",
)


@rule(RANKING)
def one_stands_first(decision: Decision) -> Answer:
    if not decision.first:
        return breached(NOBODY_FIRST)
    if len(decision.first) == 1:
        return met(FIRST_ALONE)
    if decision.drawn in decision.first and decision.draw_reference:
        return met(TIE_DRAWN, reference=decision.draw_reference)
    return breached(TIE_OPEN, number=len(decision.first))


IN_TIME = Text(zh="应于 {due} 前确定", en="due by {due}")
LATE = Text(zh="应于 {due} 前确定，已逾期", en="was due by {due}, and is late")


@rule(REPORT_IN_TIME)
def decided_in_time(decision: Decision) -> Answer:
    """A late decision is still a decision; that it was late is told."""
    if decision.today > decision.due:
        return warned(LATE, due=decision.due)
    return met(IN_TIME, due=decision.due)


NOBODY_REFUSED = Text(zh="无人拒绝签约", en="nobody has refused")
NEXT_IN_ORDER = Text(
    zh="{refused} 拒绝签约，按顺序确定下一候选人",
    en="after the refusal of {refused}, the next in order",
)
NOBODY_LEFT = Text(
    zh="{refused} 拒绝签约，已无候选人，应重新采购",
    en="{refused} refused and nobody is left: start anew",
)


@rule(WINNER_REFUSES)
def follows_the_order(decision: Decision) -> Answer:
    if not decision.refused:
        return not_applicable(NOBODY_REFUSED)
    refused = "、".join(decision.refused)
    if not decision.first:
        return breached(NOBODY_LEFT, refused=refused)
    return met(NEXT_IN_ORDER, refused=refused)


DECISION = Rulebook(
    "confirming an award",
    [decided_by_another, follows_the_order, one_stands_first, decided_in_time],
)
