from tests.security.world import World


async def procurement_world(service):
    return World(service)
