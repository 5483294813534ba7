"""Whose a todo is, and what is left of an account."""

import secrets

from people import AUTH
from resources import ids
from todos import COMPLETE, TODOS, create, found, mark, path, read
from wire import assert_problem

from generator.contract import case


@case(
    "todos.owner.lists-show-own-todos-alone",
    points=2,
    reason="A list without the owner in its query shows everyone's.",
    needs=("users",),
)
def test_own(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    word = mark()
    members = {"tags": ["shared"], "priority": "high", "dueDate": "2030-01-01"}
    hers, his = create(ann, f"{word} ann", **members), create(bob, f"{word} bob", **members)
    for params in (
        {},
        {"q": word},
        {"tag": "shared"},
        {"priority": "high"},
        {"done": "false"},
        {"dueBefore": "2031-01-01"},
        {"sort": "dueDate"},
        {"sort": "-priority"},
    ):
        assert ids(found(ann, **params)) == [hers["id"]], params
        assert ids(found(bob, **params)) == [his["id"]], params


@case(
    "todos.owner.cursors-show-own-todos-alone",
    points=2,
    reason="Another's cursor is at most a place in one's own list.",
    needs=("users",),
)
def test_foreign_cursor(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    for number in range(4):
        create(ann, dueDate=f"2030-01-0{number + 1}")
    his = create(bob, dueDate="2030-01-03")
    for sort in ("createdAt", "-createdAt", "dueDate", "-dueDate", "priority"):
        cursor = ann.get(TODOS, params={"limit": 2, "sort": sort}).json()["nextCursor"]
        response = bob.get(TODOS, params={"cursor": cursor, "sort": sort})
        assert response.status_code in (200, 422)
        assert set(ids(response.json().get("items", []))) <= {his["id"]}, sort


@case(
    "todos.owner.others-todos-are-404",
    points=3,
    reason="403 would tell that the id exists; 200 would give it away.",
    needs=("users",),
)
def test_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    todo = create(ann, "hers")
    assert_problem(bob.get(path(todo)), 404)
    assert bob.head(path(todo)).status_code == 404
    for headers in ({}, {"If-Match": "*"}, {"If-Match": ann.get(path(todo)).headers["etag"]}, {"If-Match": '"other"'}):
        for change in ({"title": "his"}, {}):
            assert_problem(bob.patch(path(todo), json=change, headers=headers), 404, what=f"PATCH {headers}")
        assert_problem(bob.delete(path(todo), headers=headers), 404, what=f"DELETE {headers}")
    assert bob.get(path(todo), headers={"If-None-Match": "*"}).status_code == 404
    assert read(ann, todo) == todo


@case(
    "todos.owner.strangers-are-401",
    points=2,
    reason="No route of the API may be left without its guard.",
    auth=("jwt", "session"),
)
def test_strangers(as_user, client):
    todo = create(as_user("ann"))
    stranger = client()
    stranger.csrf()
    assert_problem(stranger.post(TODOS, json={"title": "x"}), 401)
    assert_problem(stranger.get(TODOS), 401)
    assert_problem(stranger.get(path(todo)), 401)
    assert_problem(stranger.patch(path(todo), json={"done": True}), 401)
    assert_problem(stranger.delete(path(todo)), 401)
    assert_problem(stranger.post(COMPLETE, json={"ids": [todo["id"]]}), 401)
    assert_problem(stranger.post(COMPLETE, json={"ids": 5}), 401)


@case(
    "todos.owner.account-deletion-erases-its-todos",
    points=3,
    reason="Who deletes an account means what it holds, too; and nobody else's.",
    auth=("jwt", "session"),
    needs=("process", "contents", "users"),
)
def test_erasure(as_user, contents):
    ann, bob = as_user("ann"), as_user("bob")
    word = f"secret-{secrets.token_hex(8)}"
    kept = create(ann, "stays")
    owner = bob.get(f"{AUTH}/me").json()["id"]
    for number in range(3):
        create(bob, f"{word} {number}", notes=f"{word} notes", tags=[word[:30]])
    assert contents.holding(word), "the database cannot be read"
    response = bob.request("DELETE", f"{AUTH}/me", json={"password": bob.account.password})
    assert response.status_code == 204, response.text
    left = contents.holding(word[:30], owner, owner.replace("-", ""))
    assert not left, f"after the deletion the database holds {left[0][:300]}"
    assert read(ann, kept) == kept


@case(
    "todos.delete.erases-the-todo",
    points=2,
    reason="A todo that is only marked as deleted is still there for whoever reads the database.",
    needs=("process", "contents"),
)
def test_deleted(as_user, contents):
    ann = as_user("ann")
    word = f"secret-{secrets.token_hex(8)}"
    todo = create(ann, word, notes=word, tags=[word[:30]])
    assert contents.holding(word), "the database cannot be read"
    assert ann.delete(path(todo)).status_code == 204
    left = contents.holding(word[:30], todo["id"], todo["id"].replace("-", ""))
    assert not left, f"after the deletion the database holds {left[0][:300]}"
