"""Where people's data may not be: read from a dump of every table, past every wall."""

from tests.support.builders.registry import agency, people, person, registered
from tests.support.service import at


async def test_no_table_shows_a_resident_id_nor_the_party_membership_of_anybody(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    staff = people()
    code = await registered(registry, people=staff)
    hired = person(
        900,
        name="欧阳无名",
        employment="full_time",
        title="社工",
        started_on="2023-03-06",
        party={"status": "full", "full_since": "2011-07-13"},
    )
    await registry.clock.move_to(at(2023, 9, 4))
    taken = await agency(registry, code).post(f"/agencies/{code}/posts", json=hired)
    again = await agency(registry, code).post(f"/agencies/{code}/posts", json=hired)
    assert (taken.status_code, again.status_code) == (201, 409), taken.text

    database = await registry.database()
    tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [
        f"{table[0]}: {row[0]}"
        for table in tables
        for row in await database.fetch(f'SELECT to_jsonb(t)::text FROM "{table[0]}" t')
    ]
    await database.close()
    dump = "\n".join(row for row in rows if not row.startswith("calendar_"))  # every day there is

    assert hired["title"] in dump, "the dump shows what is there"
    hidden = [one["resident_id"] for one in (*staff, hired)] + [hired["name"], "2011-07-13"]
    spelled = [text.encode().hex() for text in hidden]
    shown = [text for text in (*hidden, *spelled) if text in dump]
    assert shown == [], [row for row in rows if any(text in row for text in shown)][:3]
