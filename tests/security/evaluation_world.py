from tests.security.world import World
async def evaluation_world(service):
    return World(service)
