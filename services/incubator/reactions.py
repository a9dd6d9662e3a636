"""Events heard from other services: the incubator relies on none."""

from shared.worker import Reactions

REACTIONS: Reactions = {}
