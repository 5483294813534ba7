"""Completing many todos in one step, all or none."""

import time

from resources import MALFORMED_IDS, UNKNOWN_IDS, ids
from todos import COMPLETE, create, edit, etag, path, read
from wire import assert_invalid, assert_members, assert_problem, instant, json_request, volley

from generator.contract import case


def complete(client, *todos):
    """Complete these todos and return them as answered, by id."""
    response = client.post(COMPLETE, json={"ids": ids(todos)})
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    assert_members(response.json(), {"items"})
    return {todo["id"]: todo for todo in response.json()["items"]}


@case("todos.complete.answers-the-todos", points=2, reason="The client shows what is true now, without asking again.")
def test_complete(as_user):
    ann = as_user("ann")
    todos = [create(ann, f"one of {number}", tags=["kept"]) for number in range(3)]
    other = create(ann, "not this one")
    items = complete(ann, *todos)
    assert sorted(items) == sorted(ids(todos))
    for todo in todos:
        now = items[todo["id"]]
        assert now == read(ann, todo)
        assert now["done"] is True
        assert instant(now["completedAt"]) >= instant(todo["createdAt"])
        same = ("title", "notes", "dueDate", "priority", "tags", "createdAt")
        assert {name: now[name] for name in same} == {name: todo[name] for name in same}
    assert read(ann, other) == other


@case(
    "todos.complete.changes-the-etag",
    points=2,
    reason="Completing is an edit: whoever has read the todo before must not overwrite it.",
)
def test_complete_changes_etag(as_user):
    ann = as_user("ann")
    todo = create(ann)
    before = etag(ann, todo)
    time.sleep(0.02)
    completed = complete(ann, todo)[todo["id"]]
    assert instant(completed["updatedAt"]) > instant(todo["updatedAt"])
    assert etag(ann, todo) != before
    response = ann.patch(path(todo), json={"done": False}, headers={"If-Match": before})
    assert_problem(response, 412)


@case("todos.complete.done-ones-stay-as-they-are", points=2, reason="Completing a list again must not rewrite history.")
def test_done(as_user):
    ann = as_user("ann")
    todo, fresh = create(ann), create(ann)
    done = edit(ann, todo, done=True)
    tag = etag(ann, todo)
    time.sleep(0.02)
    items = complete(ann, todo, fresh)
    assert items[todo["id"]] == done == read(ann, todo)
    assert etag(ann, todo) == tag
    assert items[fresh["id"]]["done"] is True


@case(
    "todos.complete.unknown-id-changes-nothing", points=3, reason="Half a step leaves the client guessing which half."
)
def test_unknown(as_user):
    ann = as_user("ann")
    todos = [create(ann) for _ in range(2)]
    gone = create(ann)
    ann.delete(path(gone))
    for unknown in (*UNKNOWN_IDS, *MALFORMED_IDS, "", gone["id"], todos[0]["id"].upper() + "x"):
        for order in ([unknown, *ids(todos)], [*ids(todos), unknown]):
            assert_problem(ann.post(COMPLETE, json={"ids": order}), 404, what=unknown[:60])
    assert [read(ann, todo) for todo in todos] == todos


@case(
    "todos.complete.others-todos-change-nothing",
    points=3,
    reason="A list of ids is the easiest place to forget whose they are.",
    needs=("users",),
)
def test_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    hers, his = create(ann), create(bob)
    assert_problem(bob.post(COMPLETE, json={"ids": ids([his, hers])}), 404)
    assert_problem(bob.post(COMPLETE, json={"ids": ids([hers])}), 404)
    assert read(ann, hers) == hers
    assert read(bob, his) == his


@case("todos.complete.repeated-ids-count-once", points=1, reason="Two clicks on one line are one wish.")
def test_repeated(as_user):
    ann = as_user("ann")
    first, second = create(ann), create(ann)
    response = ann.post(COMPLETE, json={"ids": ids([first, second, first, first])})
    assert response.status_code == 200, response.text
    assert sorted(ids(response.json()["items"])) == sorted(ids([first, second]))


@case("todos.complete.takes-1-to-100", points=1, reason="One request is a page of todos, not a table.")
def test_count(as_user):
    ann = as_user("ann")
    todos = [create(ann) for _ in range(100)]
    assert_invalid(ann.post(COMPLETE, json={"ids": []}), "ids")
    assert_invalid(ann.post(COMPLETE, json={"ids": [*ids(todos), create(ann)["id"]]}), "ids")
    assert len(complete(ann, *todos, todos[0])) == 100


@case("todos.complete.rejects-wrong-bodies", points=1, reason="What is not a list of ids is not guessed at.")
def test_bodies(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for body, field in (
        ({}, "ids"),
        ({"ids": None}, "ids"),
        ({"ids": todo["id"]}, "ids"),
        ({"ids": {"$gt": ""}}, "ids"),
        ({"ids": [todo["id"], 5]}, "ids.1"),
        ({"ids": [{"$gt": ""}]}, "ids.0"),
        ({"ids": [None]}, "ids.0"),
        ({"ids": [todo["id"]], "done": False}, "done"),
    ):
        assert_invalid(ann.post(COMPLETE, json=body), field, body)
    assert read(ann, todo) == todo


@case("todos.complete.takes-post-alone", points=1, reason="`complete` is a step, not the id of a todo.")
def test_methods(as_user):
    ann = as_user("ann")
    for method in ("GET", "PATCH", "DELETE", "PUT"):
        response = ann.request(method, COMPLETE)
        assert_problem(response, 405, what=method)
        assert "POST" in response.headers["allow"]


@case(
    "todos.complete.race-with-deletions",
    points=3,
    race=True,
    reason="Between the look and the write another client deletes: then all are done, or none is.",
)
def test_race(as_user, server):
    ann = as_user("ann")
    for _ in range(3):
        todos = [create(ann) for _ in range(5)]
        requests = [json_request("POST", COMPLETE, ann, {"ids": ids(todos)}) for _ in range(4)]
        requests.append(json_request("DELETE", path(todos[2]), ann, {}))
        answers = volley(server.url, requests)
        statuses = [status for status, _ in answers]
        assert statuses[-1] == 204, statuses
        assert set(statuses[:-1]) <= {200, 404}, statuses
        left = [read(ann, todo)["done"] for todo in todos if todo is not todos[2]]
        assert left == [200 in statuses] * 4, (statuses, left)


@case(
    "todos.complete.race-of-two-lists",
    points=2,
    race=True,
    reason="Two lists in opposite order must not wait for each other for ever.",
)
def test_opposite(as_user, server):
    ann = as_user("ann")
    todos = [create(ann) for _ in range(20)]
    orders = [ids(todos), ids(reversed(todos))] * 5
    answers = volley(server.url, [json_request("POST", COMPLETE, ann, {"ids": order}) for order in orders])
    assert [status for status, _ in answers] == [200] * 10
    times = {todo["id"]: read(ann, todo)["completedAt"] for todo in todos}
    for _, body in answers:
        assert {todo["id"]: todo["completedAt"] for todo in body["items"]} == times
