from uuid import UUID

from services.procurement.disclosure import queries
from services.procurement.disclosure.models import Release
from services.procurement.disclosure.packages import written
from services.procurement.disclosure.process import process_of
from services.procurement.disclosure.releases import release_of
from services.procurement.disclosure.values import Publisher
from services.procurement.settings import Settings
from shared.database.base import new_id
from shared.records import cursors
from shared.work import Work


async def publish_release(work: Work, event_id: UUID) -> None:
    """Publish what an event made public, once, as it stood when it was told.

    It is built from the journal and not from the tables, so that it is the same however late.
    """
    told = await queries.told_by(work.session, event_id)
    if not await cursors.advance(work.session, queries.DISCLOSED, told.position):
        return
    project_id = await queries.project_behind(work.session, told)
    if project_id is None:
        return
    publisher = publisher_of(work.settings)
    everything = await queries.told_about(work.session, project_id, told)
    process = process_of(
        everything,
        next(each for each in everything if each.id == told.id),
        prefix=publisher.prefix,
        project_id=str(project_id),
        needs=await queries.needs_of(work.session, project_id),
    )
    release_id = new_id()
    document = release_of(process, publisher, str(release_id))
    if document is None:
        return
    work.add_row(
        Release(
            id=release_id,
            ocid=process.ocid,
            project_id=project_id,
            event_id=event_id,
            told_at=told.time,
            tags=document["tag"],
            document=written(document),
        )
    )
    work.tell(
        "release",
        release_id,
        "release.published",
        ocid=process.ocid,
        tags=document["tag"],
        event_id=told.id,
    )


def publisher_of(settings: Settings) -> Publisher:
    """Who publishes, from procurement's settings."""
    return Publisher(
        name=settings.publisher_name,
        credit_code=settings.publisher_code,
        prefix=settings.ocid_prefix,
        base=settings.issuer,
        licence=settings.open_licence,
    )
