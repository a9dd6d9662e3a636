"""Subscriptions of a client and what became of their deliveries."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway.runtime import GatewayRuntime, the_gateway
from gateway.webhooks import actions, queries
from gateway.webhooks.actions import Office
from gateway.webhooks.errand import OwnRoute, TheErrand, changes_a_version
from gateway.webhooks.models import Delivery, Subscription
from gateway.webhooks.rules import KINDS
from gateway.webhooks.schemas import (
    DeliveryView,
    KindsView,
    PublicKeysView,
    PublicKeyView,
    ReplayOrder,
    ReplayView,
    Rotation,
    SecretView,
    SubscriptionChange,
    SubscriptionDraft,
    SubscriptionView,
    as_body,
)
from gateway.webhooks.signing import shown
from shared.errors import NotFound
from shared.http.contract import problem_answers
from shared.http.paging import Page, ThePaging
from shared.http.routes import IF_NONE_MATCH, UNCHANGED

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=OwnRoute)
public = APIRouter(prefix="/webhooks", tags=["webhooks"], responses=problem_answers(400, 401, 429))
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]


def _subscription_id(subscription_id: str) -> UUID:
    return _id(subscription_id)


def _delivery_id(delivery_id: str) -> UUID:
    return _id(delivery_id)


def _id(text: str) -> UUID:
    """What is no id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


async def _subscription(
    subscription_id: Annotated[UUID, Depends(_subscription_id)], errand: TheErrand
) -> Subscription:
    return await actions.own_subscription(errand.session, errand.client_id, subscription_id)


async def _changing(
    subscription_id: Annotated[UUID, Depends(_subscription_id)], errand: TheErrand
) -> Subscription:
    found = await actions.own_subscription(
        errand.session, errand.client_id, subscription_id, lock=True
    )
    errand.require_version(found.version)
    return found


async def _delivery(
    subscription: Annotated[Subscription, Depends(_subscription)],
    delivery_id: Annotated[UUID, Depends(_delivery_id)],
    errand: TheErrand,
) -> Delivery:
    return await actions.own_delivery(errand.session, subscription, delivery_id)


def _office(gateway: TheGateway) -> Office:
    return Office(gateway.webhooks.guard, gateway.webhooks.safe)


TheSubscription = Annotated[Subscription, Depends(_subscription)]
ChangingSubscription = Annotated[Subscription, Depends(_changing)]
TheDelivery = Annotated[Delivery, Depends(_delivery)]
TheOffice = Annotated[Office, Depends(_office)]


@router.post("/subscriptions", status_code=201, responses=problem_answers(409))
async def subscribe(
    draft: SubscriptionDraft, errand: TheErrand, office: TheOffice, response: Response
) -> SecretView:
    """Be told of events by POST; the secret is shown once.

    Public events only, as the feeds show them to everybody. What is told begins now; earlier
    events come by a replay.
    """
    subscription, secret = await actions.subscribe(
        errand.session, office, errand.client_id, draft, errand.now
    )
    response.headers["ETag"] = _etag(subscription)
    response.headers["Location"] = f"/webhooks/subscriptions/{subscription.id}"
    return _with_secret(subscription, secret)


@router.get("/subscriptions")
async def list_subscriptions(errand: TheErrand, paging: ThePaging) -> Page[SubscriptionView]:
    """The caller's own subscriptions."""
    statement = queries.subscriptions_of(errand.client_id)
    return await paging.page(errand.session, statement, Subscription.id, SubscriptionView)


@router.get(
    "/subscriptions/{subscription_id}",
    response_model=SubscriptionView,
    responses={304: UNCHANGED[304]},
    openapi_extra={"parameters": [IF_NONE_MATCH]},
)
async def read_subscription(
    subscription: TheSubscription, request: Request, response: Response
) -> Any:
    """One of the caller's own subscriptions."""
    etag = _etag(subscription)
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return subscription


@router.patch("/subscriptions/{subscription_id}", response_model=SubscriptionView)
@changes_a_version
async def change_subscription(
    wanted: SubscriptionChange,
    subscription: ChangingSubscription,
    errand: TheErrand,
    office: TheOffice,
    response: Response,
) -> Subscription:
    """Change where and what; pause, or resume what is paused or was disabled."""
    await actions.change(errand.session, office, subscription, wanted, errand.now)
    response.headers["ETag"] = _etag(subscription)
    return subscription


@router.delete("/subscriptions/{subscription_id}", status_code=204)
@changes_a_version
async def unsubscribe(subscription: ChangingSubscription, errand: TheErrand) -> None:
    """Be told no more; what waits is dropped, and the log with it."""
    await errand.session.delete(subscription)


@router.post("/subscriptions/{subscription_id}/secret", status_code=201)
@changes_a_version
async def rotate_webhook_secret(
    rotation: Rotation,
    subscription: ChangingSubscription,
    office: TheOffice,
    errand: TheErrand,
    response: Response,
) -> SecretView:
    """Get another secret; for the overlap both sign every delivery."""
    overlap = timedelta(hours=rotation.overlap_hours)
    secret = actions.rotate_secret(office, subscription, overlap, errand.now)
    response.headers["ETag"] = _etag(subscription)
    return _with_secret(subscription, secret)


@router.post("/subscriptions/{subscription_id}/ping", status_code=202)
async def ping_subscription(subscription: TheSubscription, errand: TheErrand) -> DeliveryView:
    """Send a signed test event on the usual way; the log tells what came of it."""
    delivery = actions.ping(errand.session, subscription, errand.now)
    return DeliveryView.model_validate(delivery)


@router.get("/subscriptions/{subscription_id}/deliveries")
async def list_deliveries(
    subscription: TheSubscription,
    errand: TheErrand,
    paging: ThePaging,
    state: Annotated[
        Literal["waiting", "delivered", "dead"] | None,
        Query(description="`dead`: what was given up"),
    ] = None,
) -> Page[DeliveryView]:
    """What was sent, what waits, and what was given up; finished ones for thirty days."""
    statement = queries.deliveries_of(subscription.id, state)
    return await paging.page(errand.session, statement, Delivery.id, DeliveryView)


@router.get("/subscriptions/{subscription_id}/deliveries/{delivery_id}")
async def read_delivery(delivery: TheDelivery) -> DeliveryView:
    """One delivery with every attempt."""
    return DeliveryView.model_validate(delivery)


@router.post("/subscriptions/{subscription_id}/deliveries/{delivery_id}/replay", status_code=202)
async def replay_delivery(delivery: TheDelivery) -> DeliveryView:
    """Send it again, delivered or dead, under its old webhook-id."""
    actions.replay_delivery(delivery)
    return DeliveryView.model_validate(delivery)


@router.post("/subscriptions/{subscription_id}/replays", status_code=202)
async def replay_feed(
    order: ReplayOrder, subscription: TheSubscription, errand: TheErrand
) -> ReplayView:
    """Tell everything of one feed after a position again; each event keeps its webhook-id."""
    replay = await actions.replay_feed(errand.session, subscription, order, errand.now)
    return ReplayView.model_validate(replay)


@public.get("/keys", operation_id="webhook_keys")
async def webhook_keys(gateway: TheGateway) -> PublicKeysView:
    """The gateway's public keys, for signatures `v1a`."""
    return PublicKeysView(keys=[PublicKeyView(**key) for key in gateway.webhooks.keys.published()])


@public.get("/kinds", operation_id="webhook_kinds")
async def webhook_kinds() -> KindsView:
    """Every kind of event that can be subscribed, by service."""
    return KindsView(services={service: list(kinds) for service, kinds in KINDS.items()})


def _etag(subscription: Subscription) -> str:
    return f'"{subscription.version}"'


def _with_secret(subscription: Subscription, secret: bytes) -> SecretView:
    view = SubscriptionView.model_validate(subscription)
    return SecretView(**as_body(view, secret=shown(secret)))
