"""Whose things each operation reaches: read by people, and held against the contracts by a test.

Which roles may call an operation stands in the contracts (`x-roles`). What stands here is what no
contract says: what kind of thing is meant, and who reaches every one of that kind, who only its own.

    public(kind, why)   anybody may read any of them: the law makes them public, or they are told
    office(kind)        whoever has the role reaches any of them: it is the bureau's own business
    owned(kind, own)    the roles in `own` reach only what is theirs, others that may call reach any
    hidden(kind, …)     an open operation, but the thing is not public: `own` and `every` see it
    nothing(why)        no thing is named; a list that holds things of others says `listed`

A new operation without a line here fails `test_every_operation_says_whose_things_it_reaches`.
"""

from dataclasses import dataclass

from shared.http.routes import ROLES

NONE = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Declared:
    """`own` reach what is theirs; `every` (None: all others that may call) reach any of the kind.

    `never` are let in by their role and reach none. `refused` is what those in `own` are answered
    about another's: 404 as if it were absent, or 403 where the thing itself is public.
    """

    kind: str | None
    why: str
    own: frozenset[str] = NONE
    every: frozenset[str] | None = None
    never: frozenset[str] = NONE
    refused: int = 404
    listed: bool = False
    elsewhere: str | None = None
    """A test that shows it instead: what is asked for cannot be made twice in one go."""


def public(kind: str, why: str) -> Declared:
    return Declared(kind, why)


def office(kind: str, why: str = "the bureau's own business, by role") -> Declared:
    return Declared(kind, why)


def owned(
    kind: str, own: str = "agency", why: str = "", *, never: str = "", refused: int = 404
) -> Declared:
    return Declared(kind, why, _roles(own), never=_roles(never), refused=refused)


def hidden(kind: str, why: str, *, every: str, own: str = "") -> Declared:
    return Declared(kind, why, _roles(own), _roles(every))


def nothing(why: str) -> Declared:
    return Declared(None, why)


def listed(kind: str, *, own: str = "", every: str) -> Declared:
    return Declared(
        kind, "a list holds what its reader may read", _roles(own), _roles(every), listed=True
    )


def elsewhere(kind: str, own: str, why: str, test: str) -> Declared:
    return Declared(kind, why, _roles(own), elsewhere=test)


def _roles(names: str) -> frozenset[str]:
    return frozenset(names.split())


REGISTER = "the register is public"
NEW = "makes something new, owned by its maker"
PUBLIC_LIST = "a list of what is public"

COMMON = {
    "read_clock": nothing("the time is everybody's"),
    "settle_clock": nothing("works off what is due; names nothing"),
    "read_feed": nothing("public bodies; what is restricted shows as position and leaf only"),
    "read_history": public("told", "what the feed told publicly, of one subject; no detail"),
    "read_evidence": public("told", "the same with its proofs; no detail"),
    "read_checkpoint": nothing("whoever keeps it can check the journal"),
    "read_journal_keys": nothing("public keys"),
    "prove_inclusion": nothing("hashes only"),
    "prove_consistency": nothing("hashes only"),
    "erase_detail": nothing("an order names whose detail goes; nothing of it is shown"),
}

REGISTRY = COMMON | {
    "list_agencies": nothing(PUBLIC_LIST),
    "read_agency": public("agency", REGISTER),
    "list_bodies": public("agency", REGISTER),
    "list_charters": public("agency", REGISTER),
    "list_suspensions": public("agency", REGISTER),
    "read_standing": public("agency", REGISTER),
    "seat_bodies": owned("agency"),
    "record_party_organisation": owned("agency"),
    "cancel_agency": office("agency"),
    "amend_charter": office("agency"),
    "suspend_agency": office("agency"),
    "reinstate_agency": office("agency"),
    "take_post": owned("agency"),
    "list_workers": owned("agency"),
    "post_worker": owned("agency"),
    "open_site": owned("agency"),
    "list_applications": listed("application", own="agency", every="registrar supervisor auditor"),
    "draft_application": nothing(NEW),
    "read_application": owned("application"),
    "list_founding_people": owned("application"),
    "change_application": owned("application"),
    "submit_application": owned("application"),
    "withdraw_application": owned("application"),
    "return_application": office("application"),
    "accept_application": office("application"),
    "review_application": office("application"),
    "approve_application": office("application"),
    "refuse_application": office("application"),
    "issue_certificate": office("application"),
    "list_inspections": nothing("conclusions are announced"),
    "read_inspection": public("inspection", "conclusions are announced"),
    "read_report": owned("inspection"),
    "file_report": owned("inspection"),
    "conclude_inspection": office("inspection"),
    "list_sites": nothing(PUBLIC_LIST),
    "read_site": public("site", "where services are is public"),
    "close_site": owned("site"),
    "list_postings": listed(
        "posting", own="agency", every="registrar supervisor street_officer auditor"
    ),
    "read_posting": owned("posting"),
    "end_posting": owned("posting"),
    "read_post": owned("post"),
    "leave_post": owned("post"),
    "add_qualification": owned("post"),
    "read_coverage": nothing("statistics of the district"),
    "list_divisions": nothing("reference data"),
    "read_division": public("division", "reference data"),
    "list_days": nothing("reference data"),
    "count_term": nothing("reference data"),
    "load_calendar_notice": nothing("reference data; no business of anybody"),
    "list_wage_references": nothing("reference data"),
    "record_wage_reference": nothing("reference data"),
    "list_codelists": nothing("reference data"),
    "read_codelist": public("codelist", "reference data"),
}

UNDER_WAY = "before its public notice an assessment is the parties' own"
PARTIES = "agency evaluator panellist"

EVALUATION = COMMON | {
    "read_grade_on_day": public("agency", "grades are announced"),
    "list_assessments": listed("assessment", own=PARTIES, every="supervisor service auditor"),
    "apply_for_rating": nothing(NEW),
    "read_assessment": hidden(
        "assessment", UNDER_WAY, own=PARTIES, every="supervisor service auditor"
    ),
    "read_sheets": owned("assessment", PARTIES),
    "read_ballot": owned("assessment", "panellist"),
    "list_objections": owned("assessment", "agency panellist"),
    "cast_vote": owned("assessment", "panellist"),
    "score_itself": owned("assessment"),
    "withdraw_application": owned("assessment"),
    "score_agency": owned("assessment", "evaluator"),
    "raise_objection": hidden(
        "assessment",
        "objections are raised against what is on public notice",
        own="agency",
        every="",
    ),
    "accept_application": office("assessment"),
    "reject_application": office("assessment"),
    "assign_assessment": office("assessment"),
    "call_ballot": office("assessment"),
    "decide_grade": office("assessment"),
    "return_to_experts": office("assessment"),
    "put_on_notice": office("assessment"),
    "announce_grade": office("assessment"),
    "answer_objection": office("objection"),
    "list_committees": listed("committee", own="panellist", every="supervisor auditor"),
    "seat_committee": nothing(NEW),
    "read_committee": owned("committee", "panellist"),
    "dissolve_committee": office("committee"),
    "list_evaluators": nothing(PUBLIC_LIST),
    "accredit_evaluator": nothing(NEW),
    "read_evaluator": public("evaluator", "who may evaluate is public"),
    "name_experts": owned("evaluator", "evaluator"),
    "suspend_evaluator": office("evaluator"),
    "reinstate_evaluator": office("evaluator"),
    "withdraw_evaluator": office("evaluator"),
    "list_grades": nothing(PUBLIC_LIST),
    "read_grade": public("grade", "grades are announced"),
    "cancel_grade": office("grade"),
    "list_performances": listed(
        "performance", own="agency evaluator", every="supervisor purchaser finance service auditor"
    ),
    "read_performance": hidden(
        "performance",
        "a result is public once it is announced; who pays waits for it",
        own="agency evaluator",
        every="supervisor purchaser finance service auditor",
    ),
    "assign_performance": office("performance"),
    "score_project": owned("performance", "evaluator"),
    "object_to_score": owned("performance"),
    "answer_performance_objection": office("performance"),
    "conclude_performance": office("performance"),
    "list_schemes": listed("scheme", every="supervisor auditor"),
    "draft_scheme": nothing(NEW),
    "read_scheme": hidden("scheme", "a draft is the office's own", every="supervisor auditor"),
    "rewrite_scheme": office("scheme"),
    "publish_scheme": office("scheme"),
    "retire_scheme": office("scheme"),
}

BASE = "what the base has, and who stays there, is public"
ADMITS = "incubator_manager panellist supervisor service auditor"

INCUBATOR = COMMON | {
    "list_bases": nothing(PUBLIC_LIST),
    "found_base": nothing(NEW),
    "read_base": public("base", BASE),
    "read_budget": public("budget", "budgets are public"),
    "set_budget": office("budget"),
    "open_base": office("base"),
    "close_base": office("base"),
    "enter_expense": office("base"),
    "list_rule_documents": public("base", BASE),
    "adopt_rules": office("base"),
    "list_venues": nothing(PUBLIC_LIST),
    "add_venue": nothing(NEW),
    "read_venue": public("venue", BASE),
    "withdraw_venue": office("venue"),
    "allocate_venue": office("venue"),
    "list_allocations": nothing(PUBLIC_LIST),
    "read_allocation": public("allocation", BASE),
    "return_venue": office("allocation"),
    "list_rounds": nothing(PUBLIC_LIST),
    "open_round": nothing(NEW),
    "read_round": public("round", "rounds are announced"),
    "apply_to_base": public("round", "any start-up may apply in an open round"),
    "read_ranking": hidden("round", "public once the round is decided", every=ADMITS),
    "rank_round": office("round"),
    "decide_round": office("round"),
    "cancel_round": office("round"),
    "list_candidates": listed("candidate", own="agency", every=ADMITS),
    "read_candidate": hidden("candidate", "public once it is chosen", own="agency", every=ADMITS),
    "withdraw_candidate": owned("candidate"),
    "check_candidate": office("candidate"),
    "score_candidate": office("candidate", "the round's panel has no list of members yet"),
    "list_residencies": nothing(PUBLIC_LIST),
    "begin_stay": nothing(NEW),
    "read_residency": public("residency", BASE),
    "list_milestones": public("residency", BASE),
    "read_support": public("residency", "what was given to whom is public"),
    "keep_file": owned("residency"),
    "read_dossier": owned(
        "residency",
        why="full resident ids: for the start-up itself and for the registry, nobody else",
        never="auditor",
    ),
    "set_milestone": office("residency"),
    "reach_milestone": office("milestone"),
    "advance_residency": office("residency"),
    "graduate": office("residency"),
    "leave": office("residency"),
    "hand_over": office("residency"),
    "list_funds": nothing(PUBLIC_LIST),
    "open_fund": nothing(NEW),
    "read_fund": public("fund", "funds are public"),
    "read_ledger": public("fund", "funds are public"),
    "replenish_fund": office("fund"),
    "close_fund": office("fund"),
    "list_grants": nothing("a list for those who decide on all of them"),
    "propose_grant": nothing(NEW),
    "read_grant": office("grant"),
    "review_grant": office("grant"),
    "approve_grant": office("grant"),
    "reject_grant": office("grant"),
}

BUYS = "purchaser procurement_agent finance service auditor"
OPENING = "an opening is held in public"
DISCLOSED = "open data"

PROCUREMENT = COMMON | {
    "list_needs": nothing(PUBLIC_LIST),
    "record_need": nothing(NEW),
    "read_need": public("need", "what residents lack is public"),
    "withdraw_need": owned("need", "street_officer"),
    "list_projects": nothing(PUBLIC_LIST),
    "plan_project": nothing(NEW),
    "read_project": public("project", "plans and budgets are public"),
    "change_budget": office("project"),
    "withdraw_project": office("project"),
    "list_tenders": listed("draft tender", every=BUYS),
    "draft_tender": nothing(NEW),
    "read_tender": hidden("draft tender", "public once it is published", every=BUYS),
    "change_tender": office("draft tender"),
    "publish_tender": office("draft tender"),
    "cancel_tender": office("draft tender"),
    "read_seal_policy": public("tender", "how bids are sealed is public"),
    "list_custodians": nothing(PUBLIC_LIST),
    "register_custodian": nothing(NEW),
    "read_custodian": public("custodian", "who holds keys is public"),
    "retire_custodian": owned("custodian", "custodian"),
    "list_signing_keys": listed("signing_key", own="agency", every="auditor"),
    "register_signing_key": nothing(NEW),
    "read_signing_key": owned("signing_key"),
    "retire_signing_key": owned("signing_key"),
    "read_receipt_key": nothing("the key that receipts are checked with"),
    "begin_bid": nothing(NEW),
    "read_bid": owned(
        "bid", why="who bids is nobody's business, not even an auditor's", never="auditor"
    ),
    "upload_part": owned("bid"),
    "commit_bid": owned("bid"),
    "read_opening": public("tender", OPENING),
    "list_opened_bids": public("tender", OPENING),
    "read_minutes": public("tender", OPENING),
    "read_bundle": public("tender", OPENING),
    "list_remarks": public("tender", OPENING),
    "read_proof": public("receipt", "whoever knows a receipt's nonce may complete it"),
    "remark_on_record": owned("tender"),
    "read_lodged": owned(
        "running opening",
        "custodian",
        "what is not opened yet is for those who open it, not for an auditor",
        never="auditor",
    ),
    "release_shares": elsewhere(
        "running opening",
        "custodian",
        "a release can be made with one's own key only",
        "tests/integration/procurement/test_sealed_bids.py::test_a_custodian_releases_only_with_its_own_key",
    ),
    "release_kept_root": elsewhere(
        "running opening",
        "agency",
        "a kept root opens the bid of whoever lodged it",
        "tests/integration/procurement/test_sealed_bids.py::test_nobody_can_take_the_place_of_a_bidders_own_key",
    ),
    "read_technical_part": owned("opened bid", "panellist"),
    "review_bidders": office("tender"),
    "read_review": owned("tender"),
    "form_panel": nothing(NEW),
    "read_panel": owned("panel", "panellist"),
    "list_seats": owned("panel", "panellist"),
    "list_scoresheets": owned("panel", "panellist"),
    "hand_in_scores": owned("panel", "panellist"),
    "seat_panel": office("panel"),
    "read_seat": owned("seat", "panellist"),
    "declare_interests": owned("seat", "panellist"),
    "replace_member": office("seat"),
    "recommend_award": office("tender"),
    "list_awards": listed("award", every=BUYS),
    "read_award": hidden("award", "public once it is announced", every=BUYS),
    "confirm_award": office("award"),
    "announce_award": office("award"),
    "pass_on_award": office("award"),
    "void_award": office("award"),
    "refuse_award": owned("announced award", why="the award itself is public", refused=403),
    "list_contracts": listed("drafted contract", own="agency", every=BUYS),
    "draw_up_contract": nothing(NEW),
    "read_contract": hidden(
        "drafted contract", "public once it is signed", own="agency", every=BUYS
    ),
    "sign_contract": owned("drafted contract"),
    "drop_contract": office("drafted contract"),
    "terminate_contract": office("contract"),
    "apply_for_payment": owned("contract"),
    "list_payments": listed("payment", own="agency", every=BUYS),
    "read_payment": hidden("payment", "public once it was made", own="agency", every=BUYS),
    "release_payment": office("payment"),
    "accept_correction": office("payment"),
    "read_track_record": public("supplier", "evaluated results are public"),
    "read_consequence": public("consequence", "evaluated results are public"),
    "lift_consequence": office("consequence"),
    "list_releases": nothing(DISCLOSED),
    "read_releases": public("process", DISCLOSED),
    "read_record": public("process", DISCLOSED),
}

WEBHOOKS = "a client reaches its own subscriptions, whatever its role"
EVERY_CLIENT = " ".join(sorted(ROLES))

GATEWAY = {
    "subscribe": nothing(NEW),
    "list_subscriptions": nothing("lists the caller's own"),
    "read_subscription": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "change_subscription": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "unsubscribe": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "rotate_webhook_secret": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "ping_subscription": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "list_deliveries": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "replay_feed": owned("subscription", EVERY_CLIENT, WEBHOOKS),
    "read_delivery": owned("delivery", EVERY_CLIENT, WEBHOOKS),
    "replay_delivery": owned("delivery", EVERY_CLIENT, WEBHOOKS),
}
"""Those of the gateway that keep something of a client; what is open to all names nothing."""

DECLARED = {
    "registry": REGISTRY,
    "procurement": PROCUREMENT,
    "evaluation": EVALUATION,
    "incubator": INCUBATOR,
}
