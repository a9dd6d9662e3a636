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
    return Declared(kind, "a list holds what its reader may read", _roles(own), _roles(every), listed=True)


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


DECLARED = {"registry": REGISTRY, "procurement": {}, "evaluation": {}, "incubator": {}}
