"""Reading, editing, finishing and deleting one todo; ETags and lost updates."""

import time
from datetime import timedelta

from resources import MALFORMED_IDS, STRONG, UNKNOWN_IDS
from todos import COMPLETE, MEMBERS, TODOS, create, edit, etag, path, read, titles
from wire import assert_invalid, assert_members, assert_problem, instant, json_request, now, volley

from generator.contract import case


@case("todos.read.unknown-id-is-404", points=1, reason="An id that never was must look like one that is not yours.")
def test_unknown_id(as_user):
    ann = as_user("ann")
    for unknown in UNKNOWN_IDS:
        assert_problem(ann.get(f"{TODOS}/{unknown}"), 404, what=unknown)
        assert_problem(ann.patch(f"{TODOS}/{unknown}", json={"done": True}), 404, what=unknown)
        assert_problem(ann.delete(f"{TODOS}/{unknown}"), 404, what=unknown)


@case(
    "todos.read.malformed-id-is-404",
    points=2,
    reason="A malformed id is an unknown one, and never reaches the database.",
)
def test_malformed_id(as_user):
    ann = as_user("ann")
    for unknown in MALFORMED_IDS:
        assert_problem(ann.get(f"{TODOS}/{unknown}"), 404, what=unknown)
        assert_problem(ann.patch(f"{TODOS}/{unknown}", json={"done": True}), 404, what=unknown)
        assert_problem(ann.delete(f"{TODOS}/{unknown}"), 404, what=unknown)


@case("todos.edit.answers-the-whole-todo", points=1, reason="After an edit the client shows the truth, not its guess.")
def test_edit(as_user):
    ann = as_user("ann")
    todo = create(ann)
    edited = edit(ann, todo, title="  Buy oat milk ")
    assert_members(edited, MEMBERS)
    assert edited["title"] == "Buy oat milk"
    assert read(ann, todo) == edited


@case(
    "todos.edit.keeps-members-not-named",
    points=2,
    reason="A merge patch changes what it names and nothing else (RFC 7396).",
)
def test_merge(as_user):
    ann = as_user("ann")
    todo = create(ann, notes="kept", dueDate="2030-01-01", priority="high", tags=["a", "b"])
    expected = dict(todo)
    for change in (
        {"title": "Other"},
        {"notes": "new"},
        {"notes": ""},
        {"dueDate": "2031-01-01"},
        {"priority": "low"},
        {"tags": ["c"]},
        {"tags": []},
        {"dueDate": None},
    ):
        expected.update(change)
        edited = edit(ann, todo, **change)
        assert {**edited, "updatedAt": None} == {**expected, "updatedAt": None}, change


@case("todos.edit.moves-updated-at-alone", points=1, reason="createdAt is history; updatedAt tells when to look again.")
def test_updated_at(as_user):
    ann = as_user("ann")
    todo = create(ann)
    time.sleep(0.02)
    edited = edit(ann, todo, title="Other")
    assert edited["createdAt"] == todo["createdAt"]
    assert instant(edited["updatedAt"]) > instant(todo["updatedAt"])


@case("todos.edit.null-clears-the-due-date", points=1, reason="null removes a member in a merge patch (RFC 7396).")
def test_null_due_date(as_user):
    ann = as_user("ann")
    todo = create(ann, dueDate="2030-01-01")
    assert edit(ann, todo, dueDate=None)["dueDate"] is None
    assert read(ann, todo)["dueDate"] is None


@case("todos.edit.null-is-refused-elsewhere", points=1, reason="A todo without a title or a state is none.")
def test_null(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for member in ("title", "notes", "done", "priority", "tags"):
        assert_invalid(ann.patch(path(todo), json={member: None}), member, member)
    assert read(ann, todo) == todo


@case(
    "todos.edit.keeps-the-rules-of-creation", points=2, reason="What is refused at the front door is at the back, too."
)
def test_rules(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for member, value, field in (
        ("title", " ", "title"),
        ("title", "x" * 201, "title"),
        ("notes", "x" * 5001, "notes"),
        ("done", "true", "done"),
        ("done", 1, "done"),
        ("dueDate", "2030-02-30", "dueDate"),
        ("priority", "urgent", "priority"),
        ("tags", ["x" * 31], "tags.0"),
        ("tags", [str(number) for number in range(11)], "tags"),
    ):
        assert_invalid(ann.patch(path(todo), json={member: value}), field, (member, value))
    assert read(ann, todo) == todo


@case(
    "todos.edit.rejects-members-a-client-may-not-set",
    points=2,
    reason="When something was done is the server's to say, and whose it is, too.",
)
def test_members(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for member, value in (
        ("id", "1"),
        ("completedAt", "2030-01-01T00:00:00.000Z"),
        ("createdAt", todo["createdAt"]),
        ("updatedAt", todo["updatedAt"]),
        ("ownerId", "x"),
        ("version", 1),
        ("$set", {"done": True}),
        ("nonsense", None),
    ):
        assert_invalid(ann.patch(path(todo), json={member: value}), member, member)
    assert read(ann, todo) == todo


@case("todos.edit.is-all-or-nothing", points=1, reason="A refused edit that half happened is found by the customer.")
def test_all_or_nothing(as_user):
    ann = as_user("ann")
    todo = create(ann)
    assert_invalid(ann.patch(path(todo), json={"title": "half", "priority": "urgent"}), "priority")
    assert read(ann, todo) == todo


@case("todos.edit.empty-patch-changes-nothing", points=1, reason="A patch that asks for nothing spoils no one's ETag.")
def test_empty_patch(as_user):
    ann = as_user("ann")
    todo = create(ann)
    before = etag(ann, todo)
    response = ann.patch(path(todo), json={})
    assert response.status_code == 200
    assert response.json() == todo
    assert response.headers["etag"] == before == etag(ann, todo)


@case("todos.done.sets-the-time", points=1, reason="Whoever asks when it was done gets an answer.")
def test_done(as_user):
    ann = as_user("ann")
    todo = create(ann)
    before = now()
    done = edit(ann, todo, done=True)
    assert done["done"] is True
    assert abs(instant(done["completedAt"]) - before) < timedelta(seconds=10)
    assert read(ann, todo) == done


@case("todos.done.undone-clears-the-time", points=1, reason="What is to be done again has not been completed.")
def test_undone(as_user):
    ann = as_user("ann")
    todo = create(ann)
    edit(ann, todo, done=True)
    undone = edit(ann, todo, done=False)
    assert (undone["done"], undone["completedAt"]) == (False, None)
    assert edit(ann, todo, done=False)["completedAt"] is None
    assert read(ann, todo)["completedAt"] is None


@case("todos.done.twice-keeps-the-first-time", points=2, reason="A second click on done must not rewrite history.")
def test_done_twice(as_user):
    ann = as_user("ann")
    todo = create(ann)
    first = edit(ann, todo, done=True)["completedAt"]
    time.sleep(0.02)
    assert edit(ann, todo, done=True)["completedAt"] == first
    assert edit(ann, todo, title="Other")["completedAt"] == first
    assert edit(ann, todo, done=True, title="Another")["completedAt"] == first
    edit(ann, todo, done=False)
    time.sleep(0.02)
    assert instant(edit(ann, todo, done=True)["completedAt"]) > instant(first)


@case("todos.etag.is-strong-and-everywhere", points=1, reason="If-Match compares strong tags only (RFC 9110, 13.1.1).")
def test_etag(as_user):
    ann = as_user("ann")
    created = ann.post(TODOS, json={"title": "x"})
    todo, tag = created.json(), created.headers["etag"]
    assert STRONG.fullmatch(tag), f"{tag} is not a strong ETag"
    assert ann.get(path(todo)).headers["etag"] == tag
    assert ann.head(path(todo)).headers["etag"] == tag
    patched = ann.patch(path(todo), json={"done": True})
    assert STRONG.fullmatch(patched.headers["etag"])
    assert patched.headers["etag"] == etag(ann, todo)


@case("todos.etag.changes-with-every-edit", points=2, reason="A tag that comes back lets an old copy win.")
def test_etag_changes(as_user):
    ann = as_user("ann")
    todo = create(ann)
    tags = [etag(ann, todo)]
    for done in (True, False, True):
        tags.append(ann.patch(path(todo), json={"done": done}).headers["etag"])
    edit(ann, todo, done=False)
    assert ann.post(COMPLETE, json={"ids": [todo["id"]]}).status_code == 200
    tags.append(etag(ann, todo))
    assert len(set(tags)) == 5, tags


@case("todos.etag.if-none-match-is-304", points=1, reason="A copy that is still good need not be sent again.")
def test_if_none_match(as_user):
    ann = as_user("ann")
    todo = create(ann)
    tag = etag(ann, todo)
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = ann.get(path(todo), headers={"If-None-Match": given})
        assert response.status_code == 304, f"{given}: {response.status_code}"
        assert response.content == b""
        assert response.headers["etag"] == tag
    edit(ann, todo, done=True)
    assert ann.get(path(todo), headers={"If-None-Match": tag}).status_code == 200


@case("todos.etag.old-if-match-is-412", points=2, reason="Without it the second of two editors undoes the first.")
def test_if_match(as_user):
    ann = as_user("ann")
    todo = create(ann)
    old = etag(ann, todo)
    current = edit(ann, todo, title="second")
    for given in (old, '"other"', f'"other", {old}', f"W/{etag(ann, todo)}"):
        assert_problem(ann.patch(path(todo), json={"title": "lost"}, headers={"If-Match": given}), 412, what=given)
        assert_problem(ann.delete(path(todo), headers={"If-Match": given}), 412, what=given)
    assert read(ann, todo) == current


@case("todos.etag.if-match-takes-lists-and-star", points=1, reason="If-Match is a list or * (RFC 9110, 13.1.1).")
def test_if_match_forms(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for number, form in enumerate(("{}", '"other", {}', '{} ,"other"', "*")):
        given = form.format(etag(ann, todo))
        response = ann.patch(path(todo), json={"title": f"{number}"}, headers={"If-Match": given})
        assert response.status_code == 200, f"{given}: {response.text}"


@case(
    "todos.etag.race-of-edits",
    points=3,
    race=True,
    reason="If-Match is checked in the write itself: a look before it loses edits.",
)
def test_race(as_user, server):
    ann = as_user("ann")
    todo = create(ann)
    match = {"If-Match": etag(ann, todo)}
    bodies = [{"title": f"edit {number}", "tags": [f"{number}"]} for number in range(20)]
    answers = volley(server.url, [json_request("PATCH", path(todo), ann, body, match) for body in bodies])
    assert sorted(status for status, _ in answers) == [200] + [412] * 19
    assert read(ann, todo) == next(edited for status, edited in answers if status == 200)


@case(
    "todos.etag.edit-and-delete-race",
    points=2,
    race=True,
    reason="One who deletes an old version must not take a newer one with it.",
)
def test_race_of_deletion(as_user, server):
    ann = as_user("ann")
    for _ in range(3):
        todo = create(ann)
        match = {"If-Match": etag(ann, todo)}
        edits = [json_request("PATCH", path(todo), ann, {"title": f"{number}"}, match) for number in range(5)]
        deletions = [json_request("DELETE", path(todo), ann, {}, match) for _ in range(5)]
        statuses = [
            status
            for status, _ in volley(server.url, [one for two in zip(edits, deletions, strict=True) for one in two])
        ]
        won = [status for status in statuses if status in (200, 204)]
        assert len(won) == 1, statuses
        assert set(statuses) <= {200, 204, 404, 412}, statuses
        assert ann.get(path(todo)).status_code == (404 if won == [204] else 200), statuses


@case("todos.delete.answers-204-and-is-gone", points=1, reason="Deleted is deleted: it is as if it never was.")
def test_delete(as_user):
    ann = as_user("ann")
    todo = create(ann, "Delete me")
    response = ann.delete(path(todo))
    assert response.status_code == 204
    assert response.content == b""
    assert_problem(ann.get(path(todo)), 404)
    assert_problem(ann.patch(path(todo), json={"done": True}), 404)
    assert_problem(ann.delete(path(todo)), 404)
    assert "Delete me" not in titles(ann)


@case("todos.delete.honours-if-match", points=1, reason="Deleting what someone has just changed is a lost update, too.")
def test_delete_if_match(as_user):
    ann = as_user("ann")
    todo = create(ann)
    old = etag(ann, todo)
    edit(ann, todo, title="changed")
    assert_problem(ann.delete(path(todo), headers={"If-Match": old}), 412)
    assert read(ann, todo)["title"] == "changed"
    assert ann.delete(path(todo), headers={"If-Match": etag(ann, todo)}).status_code == 204
