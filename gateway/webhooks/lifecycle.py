"""The states of a subscription and of one delivery. What a move is called in the log stands last."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


S, D = SubscriptionState, DeliveryState

# fmt: off
SUBSCRIPTION = Lifecycle("subscription", start=S.ACTIVE, created="webhook.subscribed", moves=[
    #    move       from         to           by        event
    Move("pause",   S.ACTIVE,    S.PAUSED,    "client", "webhook.paused"),
    Move("resume",  S.PAUSED,    S.ACTIVE,    "client", "webhook.resumed"),
    Move("disable", S.ACTIVE,    S.DISABLED,  "worker", "webhook.disabled"),
    Move("disable", S.PAUSED,    S.DISABLED,  "worker", "webhook.disabled"),
    Move("resume",  S.DISABLED,  S.ACTIVE,    "client", "webhook.resumed"),
])

DELIVERY = Lifecycle("delivery", start=D.WAITING, created="webhook.due", moves=[
    Move("deliver", D.WAITING,   D.DELIVERED, "worker", "webhook.delivered"),
    Move("give_up", D.WAITING,   D.DEAD,      "worker", "webhook.dead"),
    Move("replay",  D.WAITING,   D.WAITING,   "client", "webhook.replayed"),
    Move("replay",  D.DELIVERED, D.WAITING,   "client", "webhook.replayed"),
    Move("replay",  D.DEAD,      D.WAITING,   "client", "webhook.replayed"),
])
# fmt: on
