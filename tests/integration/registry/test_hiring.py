"""Taking people on, when it is asked twice at once."""

import asyncio

from tests.support.builders.registry import agency, person, registered
from tests.support.service import at


async def test_nobody_takes_the_same_post_twice_at_once(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    owner = agency(registry, code)
    posts = f"/agencies/{code}/posts"
    before = person(900, employment="part_time", title="社工", started_on="2023-04-01")
    await registry.clock.move_to(at(2023, 9, 4))
    begun = await owner.post(posts, json=before)
    left = await owner.change(f"/posts/{begun.json()['id']}/leaving", begun, json={})
    assert left.status_code == 200, left.text
    hired = person(900, employment="full_time", title="社工", started_on="2023-09-04")

    answers = await asyncio.gather(*(owner.post(posts, json=hired) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
