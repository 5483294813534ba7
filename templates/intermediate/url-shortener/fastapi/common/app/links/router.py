"""`/api/v1/links`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.auth.dependencies import CurrentUser
from app.config import Settings, SettingsDep
from app.database import DbDep
from app.errors import ProblemException
from app.etag import ExpectedVersions, IfNoneMatch, etag, is_fresh
from app.links import service, stats
from app.links.dependencies import OwnLink
from app.links.link_cache import CacheDep, put_link
from app.links.qr import qr_svg
from app.links.schemas import LinkCreate, LinkList, LinkListQuery, LinkOut, LinkStats, LinkUpdate
from app.links.target_url import is_own

router = APIRouter(prefix="/links", tags=["links"])


@router.post("", status_code=201)
async def create_link(
    user: CurrentUser, body: LinkCreate, db: DbDep, cache: CacheDep, settings: SettingsDep, response: Response
) -> LinkOut:
    """Create a link with a random code, or with a chosen one if it is free."""
    _refuse_own_host(body.url, settings)
    link = await service.create_link(db, user.id, body)
    await put_link(cache, link)  # replaces the "unknown" that may be there for this code
    response.headers["Location"] = f"/api/v1/links/{link.id}"
    response.headers["ETag"] = etag(link.version)
    return LinkOut.of(link, settings.public_url)


@router.get("")
@router.head("", include_in_schema=False)
async def list_links(
    user: CurrentUser, query: Annotated[LinkListQuery, Query()], db: DbDep, settings: SettingsDep
) -> LinkList:
    """List own links, newest first. `q` is a part of the code or the URL, without regard to case."""
    links = await service.list_links(db, user.id, query.q, query.cursor, query.limit + 1)
    items = [LinkOut.of(link, settings.public_url) for link in links[: query.limit]]
    return LinkList(items=items, next_cursor=items[-1].id if len(links) > query.limit else None)


@router.get("/{link_id}", response_model=LinkOut)
@router.head("/{link_id}", response_model=LinkOut, include_in_schema=False)
async def get_link(
    link: OwnLink, settings: SettingsDep, response: Response, if_none_match: IfNoneMatch = None
) -> LinkOut | Response:
    """Return a link, or 304 if the client has this version. Clicks do not change the ETag."""
    response.headers["ETag"] = etag(link.version)
    if is_fresh(if_none_match, etag(link.version)):
        return Response(status_code=304, headers=response.headers)
    return LinkOut.of(link, settings.public_url)


@router.patch("/{link_id}")
async def update_link(
    link: OwnLink,
    body: LinkUpdate,
    versions: ExpectedVersions,
    db: DbDep,
    cache: CacheDep,
    settings: SettingsDep,
    response: Response,
) -> LinkOut:
    """Change what is sent. It takes effect on the next redirect."""
    _refuse_own_host(body.url, settings)
    updated = await service.update_link(db, link, body, versions)
    await put_link(cache, updated)
    response.headers["ETag"] = etag(updated.version)
    return LinkOut.of(updated, settings.public_url)


@router.delete("/{link_id}", status_code=204)
async def delete_link(link: OwnLink, versions: ExpectedVersions, db: DbDep, cache: CacheDep) -> None:
    """Erase a link. Its code is never given out again."""
    await put_link(cache, await service.delete_link(db, link, versions))


@router.get("/{link_id}/stats")
@router.head("/{link_id}/stats", include_in_schema=False)
async def get_stats(link: OwnLink, db: DbDep, days: Annotated[int, Query(ge=1, le=90)] = 30) -> LinkStats:
    """Count the visits: all of them, and those of the last days by day and by referrer."""
    return await stats.get_stats(db, link, days)


@router.get("/{link_id}/qr.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
@router.head("/{link_id}/qr.svg", include_in_schema=False)
async def get_qr_code(link: OwnLink, settings: SettingsDep) -> Response:
    return Response(qr_svg(f"{settings.public_url}/{link.code}"), media_type="image/svg+xml")


def _refuse_own_host(url: str, settings: Settings) -> None:
    if url and is_own(url, settings.public_url):
        message = "may not lead back to this service"
        raise ProblemException(422, f"`url` {message}.", errors=[{"field": "url", "message": message}])
