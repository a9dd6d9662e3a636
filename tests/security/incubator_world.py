from tests.security.world import World
async def incubator_world(service):
    return World(service)
