"""What is left of a link that was deleted, and of an account: read in the database, behind the server's back."""

import secrets
import threading
import time

from people import AUTH
from shortener import LINKS, create, follow, path, unused_code
from variants import development
from wire import assert_problem, once

from generator.contract import case

NEEDS = ("process", "contents")
ERASED_SECONDS = 2.0


class Crowd:
    """Visitors who follow links until they are no longer sent on, or told to leave."""

    def __init__(self, clients, links, referrer):
        self.statuses, self._leaving = [], threading.Event()
        self._threads = [
            threading.Thread(target=self._visit, args=(client, link, referrer), daemon=True)
            for client, link in zip(clients, links, strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def _visit(self, client, link, referrer):
        while not self._leaving.wait(0.02):
            status = follow(client, link, headers={"Referer": referrer}).status_code
            self.statuses.append(status)
            if status != 302:
                return

    def leave(self):
        """Have them leave, and wait until the last one is gone."""
        self._leaving.set()
        for thread in self._threads:
            thread.join(timeout=10)


def spellings(identifier):
    """The ways a database may show an id."""
    return (identifier, identifier.replace("-", ""))


def deletions(as_user, client, variant, contents):
    """A link and, where there are accounts, one with two links are deleted while visitors follow them here and on a
    second server; what the database holds when the time is up, and a moment later."""

    def play():
        seen, mark = {"mark": secrets.token_hex(8)}, secrets.token_hex(8)
        ann = as_user("ann")
        accounts = ann.auth != "none"
        seen["owner"] = ann.get(f"{AUTH}/me").json()["id"] if accounts else None
        link = create(ann, f"https://target-{seen['mark']}.example/secret", code=unused_code())
        links = [link, link]
        if accounts:
            bob = as_user("bob", own=True)
            seen["bob"] = bob.get(f"{AUTH}/me").json()
            bobs = [create(bob, f"https://bob-{mark}.example/{number}", code=unused_code()) for number in range(2)]
            links += [*bobs, *bobs]
            seen["bobs"], seen["bob mark"] = bobs, mark
        other = development(variant)
        clients = [other.client() if number % 2 else client() for number in range(len(links))]
        crowd = Crowd(clients, links, f"https://referrer-{seen['mark']}.example/page")
        time.sleep(1.3)
        assert ann.delete(path(link)).status_code == 204
        if accounts:
            response = bob.request("DELETE", f"{AUTH}/me", json={"password": bob.account.password})
            assert response.status_code == 204, response.text
        began = time.monotonic()
        time.sleep(0.5)  # a second process may still send visitors on, from a cache of its own
        crowd.leave()
        time.sleep(max(0.0, began + ERASED_SECONDS - time.monotonic()))
        seen["rows"] = contents.rows()
        time.sleep(1.5)
        seen["later"] = contents.rows()
        seen["link"], seen["clicks"] = link, crowd.statuses.count(302)
        seen["follow"], seen["take"] = (
            follow(client(), link),
            ann.post(LINKS, json={"url": "https://evil.example/", "code": link["code"].upper()}),
        )
        return seen

    return once("deletions", play)


def holding(rows, *texts):
    """The rows that hold one of these texts, in any case."""
    return [row for row in rows if any(text.lower() in row.lower() for text in texts)]


def left_of(rows, link, marks, owner):
    """What is left of a deleted link that should not be."""
    kept = holding(rows, *marks)
    of_link = [row for row in holding(rows, *spellings(link["id"])) if link["code"] not in row]
    stones = [row for row in rows if link["code"] in row]
    owned = holding(stones, *spellings(owner)) if owner else []
    return kept + of_link + owned + stones[1:]


@case(
    "links.delete.erases-all-but-the-code",
    points=3,
    reason="Who deletes a link means its target, owner, clicks and referrers, too. The code stays taken.",
    needs=NEEDS,
)
def test_link(as_user, client, variant, contents):
    seen = deletions(as_user, client, variant, contents)
    assert seen["clicks"] > 10
    marks = [f"target-{seen['mark']}", f"referrer-{seen['mark']}"]
    kept = left_of(seen["rows"], seen["link"], marks, seen["owner"])
    assert not kept, f"{ERASED_SECONDS:g} s after the deletion the database holds {kept[0][:300]}"
    assert_problem(seen["follow"], 410)
    assert_problem(seen["take"], 409)


@case(
    "links.delete.writes-no-click-afterwards",
    points=2,
    reason="Clicks in a buffer, of this process or another, must not bring back what was erased.",
    needs=NEEDS,
)
def test_buffered(as_user, client, variant, contents):
    seen = deletions(as_user, client, variant, contents)
    links = [seen["link"], *seen.get("bobs", ())]
    for link in links:
        rows = [row for row in holding(seen["later"], *spellings(link["id"])) if link["code"] not in row]
        assert not rows, f"written after the deletion: {rows[0][:300]}"
    kept = holding(seen["later"], f"referrer-{seen['mark']}")
    assert not kept, f"written after the deletion: {kept[0][:300]}"


@case(
    "redirect.account-deletion-erases-its-links",
    points=3,
    reason="An account that is deleted takes what its links tell about it with it. Their codes stay taken.",
    auth=("jwt", "session"),
    needs=(*NEEDS, "users"),
)
def test_account(as_user, client, variant, contents):
    seen = deletions(as_user, client, variant, contents)
    for link in seen["bobs"]:
        kept = left_of(seen["rows"], link, [f"bob-{seen['bob mark']}"], seen["bob"]["id"])
        assert not kept, f"{ERASED_SECONDS:g} s after the deletion the database holds {kept[0][:300]}"
        assert_problem(follow(client(), link), 410)
