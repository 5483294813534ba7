"""What can be done with links."""

from datetime import UTC, datetime, timedelta

from app.account_hooks import AfterCommit
from app.cache import Cache
from app.db import Database, Transaction
from app.errors import InvalidError, NotFoundError, ProblemError
from app.ids import new_id
from app.links.click_repository import ClickRepository
from app.links.codes import generate_code
from app.links.link import Link
from app.links.link_cache import LinkCache
from app.links.repository import LinkRepository
from app.links.schemas import DayOut, LinkCreate, LinkPatch, ReferrerOut, StatsOut
from app.links.target_url import is_own
from app.pagination import Page
from app.times import now

_TRIES = 5


class LinkService:
    """The use cases, each with its transaction."""

    def __init__(self, database: Database, cache: Cache, public_url: str) -> None:
        self._database = database
        self._cache = LinkCache(cache)
        self._public_url = public_url

    async def create(self, owner_id: str, wanted: LinkCreate) -> Link:
        """Make a link, with the wanted code or a new one.

        Raises:
            ProblemError: 409 if the wanted code is taken, or ever was.
        """
        self._refuse_own(wanted.url)
        # The database says whether a code is free, in the insert itself: between a look and
        # an insert somebody else could take it.
        for _ in range(_TRIES):
            moment = now()
            link = Link(
                id=new_id(),
                owner_id=owner_id,
                code=wanted.code or generate_code(),
                url=wanted.url,
                enabled=True,
                expires_at=wanted.expires_at,
                version=1,
                clicks=0,
                created_at=moment,
                updated_at=moment,
                deleted_at=None,
            )
            async with self._database.writing() as transaction:
                added = await LinkRepository(transaction).add(link)
            if added:
                await self._cache.put(link)  # also ends an "unknown" kept for this code
                return link
            if wanted.code:
                raise ProblemError(409, "This code is taken.")
        msg = f"no free code in {_TRIES} tries"
        raise RuntimeError(msg)

    async def get(self, owner_id: str, link_id: str) -> Link:
        """Return a link of this owner, or raise `NotFoundError`."""
        async with self._database.reading() as transaction:
            link = await LinkRepository(transaction).get(owner_id, link_id)
        if link is None:
            raise NotFoundError
        return link

    async def list_links(self, owner_id: str, page: Page, q: str | None) -> tuple[list[Link], bool]:
        """Return a page of an owner's links, newest first, and whether there are more."""
        async with self._database.reading() as transaction:
            links = await LinkRepository(transaction).list_links(owner_id, q, page.after, page.limit + 1)
        return links[: page.limit], len(links) > page.limit

    async def edit(self, owner_id: str, link_id: str, patch: LinkPatch, versions: list[int] | None) -> Link:
        """Change a link, if it is (still) one of these versions.

        Raises:
            ProblemError: 404 if there is none, 412 if it has changed.
        """
        changes = patch.model_dump(exclude_unset=True)
        if "url" in changes:
            self._refuse_own(changes["url"])
        async with self._database.writing() as transaction:
            links = LinkRepository(transaction)
            link = await links.edit(owner_id, link_id, changes, versions, now())
            if link is None:
                raise await self._why_not(links, owner_id, link_id)
        await self._cache.put(link)
        return link

    async def delete(self, owner_id: str, link_id: str, versions: list[int] | None) -> None:
        """Delete a link, if it is (still) one of these versions. Its code stays taken.

        Raises:
            ProblemError: 404 if there is none, 412 if it has changed.
        """
        async with self._database.writing() as transaction:
            links = LinkRepository(transaction)
            link = await links.delete(owner_id, link_id, versions, now())
            if link is None:
                raise await self._why_not(links, owner_id, link_id)
            await ClickRepository(transaction).forget([link.id])
        await self._cache.put(link)

    async def stats(self, link: Link, days: int) -> StatsOut:
        """Count a link's visits; the days end today (UTC) and have their empty ones."""
        today = datetime.now(UTC).date()
        first = today - timedelta(days=days - 1)
        async with self._database.reading() as transaction:
            clicks = ClickRepository(transaction)
            total = await clicks.total(link.id)
            per_day = await clicks.per_day(link.id, first)
            referrers = await clicks.referrers(link.id, first)
        dates = [first + timedelta(days=number) for number in range(days)]
        return StatsOut(
            total=total,
            per_day=[DayOut(date=date, clicks=per_day.get(date, 0)) for date in dates],
            referrers=[ReferrerOut(host=host, clicks=number) for host, number in referrers],
        )

    def _refuse_own(self, url: str) -> None:
        if is_own(url, self._public_url):
            raise InvalidError([("url", "may not lead back to this service")])

    @staticmethod
    async def _why_not(links: LinkRepository, owner_id: str, link_id: str) -> ProblemError:
        if await links.get(owner_id, link_id) is None:
            return NotFoundError()
        return ProblemError(412, "The link has changed since; get it again.")


async def delete_links_of(transaction: Transaction, owner_id: str) -> AfterCommit:
    """Delete all links of an account that goes, with the account: in its transaction."""
    deleted = await LinkRepository(transaction).delete_all(owner_id, now())
    await ClickRepository(transaction).forget([link.id for link in deleted])

    async def after_commit(cache: Cache) -> None:
        for link in deleted:
            await LinkCache(cache).put(link)

    return after_commit
