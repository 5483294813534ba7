"""`/api/v1/links`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from app.auth.dependencies import CurrentUser
from app.dependencies import SettingsDep
from app.errors import InvalidError
from app.json_body import MERGE_PATCH, JsonBody
from app.links.dependencies import LinkId, LinkServiceDep, OwnedLink
from app.links.qr import qr_svg
from app.links.schemas import LinkCreate, LinkList, LinkOut, LinkPatch, StatsOut
from app.openapi import problems
from app.pagination import Page, SmallNumber, encode_cursor, page, refuse_repeats
from app.preconditions import etag, expected_versions, is_fresh

router = APIRouter(prefix="/links", tags=["links"])

IfMatch = Annotated[str | None, Header(description="Change it only if it is still this version.")]
IfNoneMatch = Annotated[str | None, Header(description="Send it only if it is no more this version.")]


async def _search(request: Request, q: Annotated[str | None, Query(max_length=200)] = None) -> str | None:
    refuse_repeats(request, "q")
    if q and "\0" in q:
        raise InvalidError([("q", "may not hold NUL")])
    return q


async def _days(request: Request, days: Annotated[SmallNumber, Query(ge=1, le=90)] = 30) -> int:
    refuse_repeats(request, "days")
    return days


@router.post("", status_code=201, summary="Make a short link", responses=problems(409))
async def create_link(
    user: CurrentUser,
    body: Annotated[LinkCreate, Depends(JsonBody(LinkCreate))],
    links: LinkServiceDep,
    settings: SettingsDep,
    response: Response,
) -> LinkOut:
    """Make a link with a random code, or with a chosen one if it is free."""
    link = await links.create(user.id, body)
    response.headers["Location"] = f"/api/v1/links/{link.id}"
    response.headers["ETag"] = etag(link.version)
    return LinkOut.of(link, settings.public_url)


@router.get("", summary="List own links, newest first")
async def list_links(
    user: CurrentUser,
    page: Annotated[Page, Depends(page)],
    q: Annotated[str | None, Depends(_search)],
    links: LinkServiceDep,
    settings: SettingsDep,
) -> LinkList:
    """`q` is a part of the code or the URL, without regard to case."""
    found, more = await links.list_links(user.id, page, q)
    items = [LinkOut.of(link, settings.public_url) for link in found]
    return LinkList(items=items, next_cursor=encode_cursor(found[-1].id) if more else None)


@router.get(
    "/{id}",
    summary="Get a link",
    response_model=LinkOut,
    responses={304: {"description": "Not modified"}, **problems(404)},
)
async def get_link(
    link: OwnedLink, settings: SettingsDep, response: Response, if_none_match: IfNoneMatch = None
) -> LinkOut | Response:
    """Clicks do not change the ETag."""
    tag = etag(link.version)
    if is_fresh(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return LinkOut.of(link, settings.public_url)


@router.patch("/{id}", summary="Change a link", responses=problems(404, 412))
async def edit_link(
    user: CurrentUser,
    link_id: LinkId,
    body: Annotated[LinkPatch, Depends(JsonBody(LinkPatch, MERGE_PATCH))],
    links: LinkServiceDep,
    settings: SettingsDep,
    response: Response,
    if_match: IfMatch = None,
) -> LinkOut:
    """In force on the next redirect."""
    link = await links.edit(user.id, link_id, body, expected_versions(if_match))
    response.headers["ETag"] = etag(link.version)
    return LinkOut.of(link, settings.public_url)


@router.delete("/{id}", status_code=204, summary="Delete a link", responses=problems(404, 412))
async def delete_link(
    user: CurrentUser, link_id: LinkId, links: LinkServiceDep, if_match: IfMatch = None
) -> Response:
    """In force on the next redirect; the code is never given out again."""
    await links.delete(user.id, link_id, expected_versions(if_match))
    return Response(status_code=204)


@router.get("/{id}/stats", summary="Count a link's visits", responses=problems(404))
async def get_stats(link: OwnedLink, days: Annotated[int, Depends(_days)], links: LinkServiceDep) -> StatsOut:
    """All of them, and by day and referrer for the last days; no visitor's address is kept."""
    return await links.stats(link, days)


class SvgResponse(Response):
    """An SVG image."""

    media_type = "image/svg+xml"


@router.get(
    "/{id}/qr.svg", summary="Get a link's QR code", response_class=SvgResponse, responses=problems(404)
)
async def get_qr(link: OwnedLink, settings: SettingsDep) -> SvgResponse:
    """Return the short URL as a QR code."""
    return SvgResponse(qr_svg(f"{settings.public_url}/{link.code}"))
