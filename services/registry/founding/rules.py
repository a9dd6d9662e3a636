"""When an agency may be founded (登记条件).

The five conditions of direct registration (5.1) are judged on what was filed, each with its
figures. An application under dual management (双重管理) answers for its name, seat, assets and
liability too; conditions (1) and (3) are asked of direct registration only.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registry.agencies.rules import keep_apart
from services.registry.people.rules import registrations_kept
from services.registry.policy import figures
from services.registry.policy.clauses import (
    CERTIFICATE_REGISTERED,
    COMMUNITY_SERVICE,
    DUAL_MANAGEMENT,
    FILED_DOCUMENTS,
    NON_STATE_ASSETS,
    ONE_NAME,
    OWN_LIABILITY,
    PROPER_NAME,
    PROPER_NAME_AND_STRUCTURE,
    QUALIFIED_THIRD,
    REGISTERED_ITEMS,
    SEAT_AND_MEANS,
    SEPARATE_BODIES,
    SERVICE_METHODS,
    TOLD_ONCE,
)
from services.registry.policy.terms import listed, term
from shared.money import Money, share_is_at_least
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule, warned
from shared.words import Text


class Route(StrEnum):
    DIRECT = "direct"
    """直接登记: straight to the district's civil-affairs department."""
    DUAL = "dual"
    """双重管理: a supervising unit (业务主管单位) consents first."""


class Category(StrEnum):
    COMMUNITY_SERVICE = "community_service"
    """城乡社区服务类"""
    OTHER = "other"


class LegalForm(StrEnum):
    LEGAL_PERSON = "legal_person"
    PARTNERSHIP = "partnership"
    INDIVIDUAL = "individual"


class Tenure(StrEnum):
    OWNED = "owned"
    LEASED = "leased"
    LENT = "lent"
    """无偿提供: lent free of charge, with a proof."""


class FounderKind(StrEnum):
    """3.3(2): who is encouraged to found an agency."""

    SOCIAL_WORK_SCHOOL = "social_work_school"
    VOLUNTEER_ORGANISATION = "volunteer_organisation"
    CHARITY = "charity"
    DISABILITY_REHABILITATION = "disability_rehabilitation"
    SPECIAL_EDUCATION = "special_education"
    ENTERPRISE_OR_INSTITUTION = "enterprise_or_institution"
    DONOR_ORGANISATION = "donor_organisation"
    DONOR_PERSON = "donor_person"


class Material(StrEnum):
    """The documents of an application."""

    APPLICATION_LETTER = "application_letter"
    SEAT_PROOF = "seat_proof"
    CAPITAL_VERIFICATION = "capital_verification"
    HEAD_IDENTITY = "head_identity"
    CHARTER_DRAFT = "charter_draft"
    UNIT_CONSENT = "unit_consent"


@dataclass(frozen=True, slots=True)
class Name:
    """行政区划 + 字号 + 行（事）业领域 + 组织形式."""

    division: str
    trade_name: str
    field: str
    form: str

    @property
    def whole(self) -> str:
        return f"{self.division}{self.trade_name}{self.field}{self.form}"


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the founding staff, as far as 5.1(3) asks."""

    full_time: bool
    certificate: bool
    degree: bool
    registration_lapsed: bool = False

    @property
    def qualified(self) -> bool:
        return self.certificate or self.degree


@dataclass(frozen=True, slots=True)
class Asset:
    amount: Money
    of_the_state: bool


@dataclass(frozen=True, slots=True)
class Founding:
    """What must be known to decide whether an agency may be founded. `on` governs the law used."""

    on: date
    route: Route
    unit_consents: bool
    category: Category
    legal_form: LegalForm
    name: Name | None
    name_taken: bool
    purpose: str
    scope: str
    methods: tuple[str, ...]
    council: frozenset[str]
    supervisors: frozenset[str]
    head_named: bool
    staff: tuple[Staff, ...]
    seat_in_district: bool
    tenure: Tenure | None
    lease_until: date | None
    assets: tuple[Asset, ...]
    materials: frozenset[str]


BEFORE_ORDER_69 = Text(
    zh="收件日早于 2024-05-01，第69号令尚未施行",
    en="received before 2024-05-01, when Order 69 came into force",
)
DIRECT_ONLY = Text(
    zh="双重管理登记不适用直接登记的条件",
    en="a condition of direct registration; this application goes by dual management",
)


@rule(DUAL_MANAGEMENT)
def supervising_unit_consents(founding: Founding) -> Answer:
    if founding.route is Route.DIRECT:
        return not_applicable(
            Text(zh="直接登记，无业务主管单位", en="direct registration has no supervising unit")
        )
    if not founding.unit_consents:
        return breached(Text(zh="缺少业务主管单位的同意", en="no supervising unit has consented"))
    return met(Text(zh="业务主管单位已同意", en="a supervising unit has consented"))


@rule(COMMUNITY_SERVICE)
def serves_communities(founding: Founding) -> Answer:
    if founding.route is Route.DUAL:
        return not_applicable(DIRECT_ONLY)
    if founding.category is not Category.COMMUNITY_SERVICE:
        kind = term(founding.category)
        return breached(
            Text(
                zh=f"类别为{kind.zh}，不是城乡社区服务类",
                en=f"it is of {kind.en}, not of urban and rural community service",
            ),
            category=founding.category.value,
        )
    return met(
        Text(zh="属于城乡社区服务类", en="it is of the urban and rural community service kind")
    )


@rule(PROPER_NAME_AND_STRUCTURE)
def named_as_social_work(founding: Founding) -> Answer:
    if founding.name is None:
        return breached(Text(zh="没有拟用名称", en="no name was given"))
    if "社会工作" not in founding.name.field and "社工" not in founding.name.field:
        return breached(
            Text(
                zh="名称“{name}”未表明社会工作服务",
                en="the name {name} does not say that it serves by social work",
            ),
            name=founding.name.whole,
        )
    return met(
        Text(zh="名称“{name}”表明社会工作服务", en="the name {name} says what it does"),
        name=founding.name.whole,
    )


@rule(PROPER_NAME)
def name_built_as_ordered(founding: Founding) -> Answer:
    parts = figures.NAME_PARTS.on(founding.on)
    if not parts:
        return not_applicable(BEFORE_ORDER_69)
    name = founding.name or Name("", "", "", "")
    missing = [part for part in parts if not getattr(name, part)]
    if missing:
        named = listed(missing)
        return breached(
            Text(zh=f"名称缺少：{named.zh}", en=f"the name lacks: {named.en}"), missing=missing
        )
    if not name.division.endswith("惠济区"):
        return breached(
            Text(
                zh="名称冠以“{division}”，不是登记机关所在的惠济区",
                en="the name begins with {division}, which is not the registering district",
            ),
            division=name.division,
        )
    return met(Text(zh="名称四部分齐全", en="the name has its four parts"))


@rule(PROPER_NAME)
def name_claims_no_country(founding: Founding) -> Answer:
    barred = figures.BARRED_IN_NAMES.on(founding.on)
    whole = founding.name.whole if founding.name else ""
    found = [word for word in barred if word in whole]
    if found:
        return breached(
            Text(zh="名称含有“{words}”", en="the name holds {words}"), words="、".join(found)
        )
    if not barred:
        return not_applicable(BEFORE_ORDER_69)
    return met(Text(zh="名称未使用禁用字样", en="the name holds no barred word"))


@rule(ONE_NAME)
def name_still_free(founding: Founding) -> Answer:
    if founding.name_taken:
        return breached(
            Text(zh="名称已被登记", en="an agency on the register already has this name")
        )
    return met(Text(zh="名称未与已登记的重复", en="no agency on the register has this name"))


@rule(PROPER_NAME_AND_STRUCTURE)
def charter_says_what_and_how(founding: Founding) -> Answer:
    stated = {
        "purpose": founding.purpose.strip(),
        "scope": founding.scope.strip(),
        "methods": founding.methods,
    }
    missing = [part for part, given in stated.items() if not given]
    if missing:
        named = listed(missing)
        return breached(
            Text(zh=f"章程未明确：{named.zh}", en=f"the charter does not state: {named.en}"),
            missing=missing,
        )
    return met(
        Text(
            zh="章程明确了宗旨、范围和方式",
            en="the charter states purpose, scope and methods",
        )
    )


@rule(SERVICE_METHODS)
def works_by_a_listed_method(founding: Founding) -> Answer:
    count = len(set(founding.methods))
    if count == 0:
        return breached(
            Text(zh="未列明任何服务方式", en="none of the eight service methods is named")
        )
    return met(
        Text(zh="列明服务方式 {count} 类", en="{count} of the eight service methods"), count=count
    )


@rule(PROPER_NAME_AND_STRUCTURE)
def council_and_supervisors_named(founding: Founding) -> Answer:
    counts = {"council": len(founding.council), "supervisors": len(founding.supervisors)}
    if not all(counts.values()):
        return breached(
            Text(
                zh="理事 {council} 人、监事 {supervisors} 人，组织架构不全",
                en="{council} council members and {supervisors} supervisors: the structure is "
                "not complete",
            ),
            **counts,
        )
    return met(
        Text(
            zh="理事 {council} 人、监事 {supervisors} 人",
            en="{council} council members and {supervisors} supervisors",
        ),
        **counts,
    )


@rule(SEPARATE_BODIES)
def nobody_sits_in_both(founding: Founding) -> Answer:
    return keep_apart(founding.council, founding.supervisors)


@rule(REGISTERED_ITEMS)
def head_is_named(founding: Founding) -> Answer:
    if not founding.head_named:
        return breached(Text(zh="未确定法定代表人", en="no head (legal representative) is named"))
    return met(Text(zh="已确定法定代表人", en="the head (legal representative) is named"))


@rule(QUALIFIED_THIRD)
def third_of_staff_qualified(founding: Founding) -> Answer:
    """Part-timers are in neither number; a person with certificate and degree counts once."""
    if founding.route is Route.DUAL:
        return not_applicable(DIRECT_ONLY)
    share = figures.QUALIFIED_SHARE.on(founding.on)
    full_time = sum(person.full_time for person in founding.staff)
    qualified = sum(person.full_time and person.qualified for person in founding.staff)
    required = max(1, -(-full_time * share.numerator // share.denominator))
    counted = {
        "full_time": full_time,
        "qualified": qualified,
        "required": required,
        "short": max(0, required - qualified),
    }
    if full_time == 0:
        return breached(Text(zh="没有专职工作人员", en="there is no full-time staff"), **counted)
    if share.denominator * qualified < share.numerator * full_time:
        return breached(
            Text(
                zh="专职 {full_time} 人，取得资格 {qualified} 人，应有 {required} 人，还差 {short} 人",
                en="{qualified} of {full_time} full-time staff are qualified; {required} needed, "
                "{short} short",
            ),
            **counted,
        )
    return met(
        Text(
            zh="专职 {full_time} 人，取得资格 {qualified} 人，不少于 {required} 人",
            en="{qualified} of {full_time} full-time staff are qualified; {required} needed",
        ),
        **counted,
    )


@rule(CERTIFICATE_REGISTERED)
def certificates_kept_registered(founding: Founding) -> Answer:
    return registrations_kept(sum(person.registration_lapsed for person in founding.staff))


@rule(SEAT_AND_MEANS)
def seat_is_fixed(founding: Founding) -> Answer:
    if founding.tenure is None or not founding.seat_in_district:
        return breached(
            Text(
                zh="在本区没有固定住所及其使用权证明",
                en="no fixed seat in this district with a right to use it",
            )
        )
    if founding.tenure is Tenure.LEASED and founding.lease_until is None:
        return breached(Text(zh="租赁未写明期限", en="the lease does not say until when"))
    if founding.lease_until is not None and founding.lease_until <= founding.on:
        return breached(
            Text(zh="租期已于 {until} 届满", en="the lease ended on {until}"),
            until=founding.lease_until,
        )
    right = term(founding.tenure)
    return met(
        Text(zh=f"有固定住所（{right.zh}）", en=f"a fixed seat, {right.en}"),
        tenure=founding.tenure.value,
    )


@rule(SEAT_AND_MEANS)
def lease_long_enough(founding: Founding) -> Answer:
    """A year is usual, not law: a shorter lease is worth a word and no more."""
    if founding.lease_until is None:
        return not_applicable(Text(zh="住所没有租期", en="the seat has no lease"))
    usual = figures.USUAL_LEASE_DAYS.on(founding.on)
    left = (founding.lease_until - founding.on).days
    if left < usual:
        return warned(
            Text(
                zh="租期剩余 {left} 日，通常不少于 {usual} 日",
                en="{left} days of lease are left; {usual} are usual",
            ),
            left=left,
            usual=usual,
        )
    return met(
        Text(zh="租期剩余 {left} 日", en="{left} days of lease are left"), left=left, usual=usual
    )


@rule(SEAT_AND_MEANS)
def has_lawful_means(founding: Founding) -> Answer:
    total = Money.total(asset.amount for asset in founding.assets)
    if total.fen <= 0:
        return breached(
            Text(zh="没有资产和经费来源", en="no assets and no source of money were shown")
        )
    return met(
        Text(zh="开办资金 {total} 元，来源已列明", en="{total} yuan, with their sources"),
        total=str(total),
    )


@rule(NON_STATE_ASSETS)
def mostly_not_the_states(founding: Founding) -> Answer:
    least = figures.NON_STATE_SHARE.on(founding.on)
    total = Money.total(asset.amount for asset in founding.assets)
    own = Money.total(a.amount for a in founding.assets if not a.of_the_state)
    told = {"non_state": str(own), "total": str(total), "least": str(least)}
    if not share_is_at_least(own, total, least):
        return breached(
            Text(
                zh="非国有资产 {non_state} 元，占总资产 {total} 元不足 {least}",
                en="{non_state} yuan of {total} are not the state's, less than {least}",
            ),
            **told,
        )
    return met(
        Text(
            zh="非国有资产 {non_state} 元，占总资产 {total} 元不低于 {least}",
            en="{non_state} yuan of {total} are not the state's, at least {least}",
        ),
        **told,
    )


@rule(OWN_LIABILITY)
def answers_for_itself(founding: Founding) -> Answer:
    if founding.legal_form is not LegalForm.LEGAL_PERSON:
        form = term(founding.legal_form)
        return breached(
            Text(
                zh=f"组织形式为{form.zh}，不是法人",
                en=f"it is {form.en}; only a legal person bears liability by itself",
            ),
            form=founding.legal_form.value,
        )
    return met(Text(zh="法人，独立承担民事责任", en="a legal person bears liability by itself"))


def _missing(founding: Founding) -> list[str]:
    required = list(figures.REQUIRED_MATERIALS.on(founding.on))
    if founding.route is Route.DUAL:
        required.append(Material.UNIT_CONSENT.value)
    return [material for material in required if material not in founding.materials]


def _lacking(missing: list[str]) -> Text:
    named = listed(missing)
    return Text(zh=f"材料缺少：{named.zh}", en=f"documents are missing: {named.en}")


COMPLETE = Text(zh="材料齐全", en="all documents are there")


@rule(TOLD_ONCE)
def nothing_left_to_tell(founding: Founding) -> Answer:
    """An incomplete file may be submitted: the office then tells once what is missing."""
    missing = _missing(founding)
    return warned(_lacking(missing), missing=missing) if missing else met(COMPLETE)


@rule(FILED_DOCUMENTS)
def documents_complete(founding: Founding) -> Answer:
    missing = _missing(founding)
    return breached(_lacking(missing), missing=missing) if missing else met(COMPLETE)


CONDITIONS = [
    supervising_unit_consents,
    serves_communities,
    named_as_social_work,
    name_built_as_ordered,
    name_claims_no_country,
    name_still_free,
    charter_says_what_and_how,
    works_by_a_listed_method,
    council_and_supervisors_named,
    nobody_sits_in_both,
    head_is_named,
    third_of_staff_qualified,
    certificates_kept_registered,
    seat_is_fixed,
    lease_long_enough,
    has_lawful_means,
    mostly_not_the_states,
    answers_for_itself,
]

SUBMISSION = Rulebook("submitting a founding application", [*CONDITIONS, nothing_left_to_tell])
FOUNDING = Rulebook("founding an agency", [*CONDITIONS, documents_complete])
ACCEPTANCE = Rulebook("accepting an application", [documents_complete])
