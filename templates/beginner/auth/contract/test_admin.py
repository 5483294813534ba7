"""Roles: who may see and change users, at once, and an admin who cannot be lost."""

import secrets
from contextlib import contextmanager

from mailed import USERS, event_types, identity, make_admin, promote, set_user, signed_in
from people import AUTH, log_in, me, new_address, new_password, sign_up, visitor
from resources import BAD_CURSORS, BAD_LIMITS, JUNK_QUERIES, MALFORMED_IDS, UNKNOWN_IDS, ids, pages_of
from wire import assert_invalid, assert_members, assert_problem, json_request, request_bytes, volley

from generator.contract import case

BOTH = ("jwt", "session")
PROCESS = ("process",)
MEMBERS = {"id", "email", "name", "createdAt", "role", "active"}


def found(admin, **params):
    """The users of a list's first page."""
    response = admin.get(USERS, params=params)
    assert response.status_code == 200, f"{params}: {response.status_code} {response.text[:300]}"
    return response.json()["items"]


@contextmanager
def kingdom(boot, project, *names):
    """A server on a database of its own, whose only admins these are: the server, and a client of each."""
    url = project.blank_database()
    attempt = project.run("migrate", {"DATABASE_URL": url})
    assert attempt.code == 0, attempt.output[-500:]
    with boot(env={"DATABASE_URL": url}) as server:
        admins = [server.as_user(name) for name in names]
        for admin in admins:
            promote(project, admin.account.email, url)
        yield server, admins, lambda admin: promote(project, admin.account.email, url)


def admins_left(server, *users):
    """How many of these may still list users."""
    return sum(user.get(USERS).status_code == 200 for user in users)


@case(
    "admin.lists-users",
    points=2,
    reason="Whoever answers for a service must see who uses it.",
    auth=BOTH,
    needs=PROCESS,
)
def test_list(as_user, project):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    users = found(root)
    for user in users:
        assert_members(user, MEMBERS)
    assert ids(users)[0] == identity(ann), "the newest is not the first"
    assert users[0] == ann.get(f"{AUTH}/me").json()
    one = root.get(f"{USERS}/{identity(ann)}")
    assert one.json() == users[0]
    assert one.headers.get("etag"), "no ETag"


@case(
    "admin.users-come-page-by-page",
    points=1,
    reason="A service has more users than fit into one answer.",
    auth=BOTH,
    needs=PROCESS,
)
def test_pages(as_user, project):
    root, mark = make_admin(project, as_user("root")), f"page{secrets.token_hex(4)}"
    for number in range(5):
        as_user(f"{mark} {number}")
    everything = ids(found(root, q=mark))
    assert len(everything) == 5
    assert [ids(page) for page in pages_of(root, USERS, q=mark, limit=2)] == [
        everything[:2],
        everything[2:4],
        everything[4:],
    ]
    for limit in BAD_LIMITS:
        assert_problem(root.get(USERS, params={"limit": limit}), 422, what=limit)
    for cursor in BAD_CURSORS:
        assert_problem(root.get(USERS, params={"cursor": cursor}), 422, what=cursor[:40])


@case(
    "admin.finds-by-address-and-name",
    points=2,
    reason="A user on the telephone says a name, not an id.",
    auth=BOTH,
    needs=PROCESS,
)
def test_search(as_user, client, project):
    root, mark = make_admin(project, as_user("root")), secrets.token_hex(6)
    someone = visitor(client)
    by_name = sign_up(someone, name=f"M\u00fcller 100%_{mark}")
    by_address = sign_up(someone, email=f"find.{mark}@example.com")
    for q, emails in (
        (mark, {by_name["email"], by_address["email"]}),
        (mark.upper(), {by_name["email"], by_address["email"]}),
        (f"100%_{mark}", {by_name["email"]}),
        (f"m\u00dcLLER 100%_{mark}", {by_name["email"]}),
        (f"find.{mark}@", {by_address["email"]}),
        (f"%{mark}", set()),
        (f"_{mark}%", set()),
        (f".*{mark}", set()),
    ):
        assert {user["email"] for user in found(root, q=q)} == emails, q
    assert found(root, q=mark, role="admin") == []
    assert len(found(root, q=mark, role="user")) == 2
    promote(project, by_name["email"])
    assert [user["email"] for user in found(root, q=mark, role="admin")] == [by_name["email"]]
    assert [user["email"] for user in found(root, q=mark, role="user")] == [by_address["email"]]
    for role in ("root", "", "ADMIN", "1"):
        assert_problem(root.get(USERS, params={"role": role}), 422, what=role)


@case(
    "admin.searching-is-not-programming",
    points=2,
    reason="SQL, operators and patterns in a search are text.",
    auth=BOTH,
    needs=PROCESS,
)
def test_injection(as_user, project, server, raw):
    root = make_admin(project, as_user("root"))
    hostile = ("' OR '1'='1", "'; DROP TABLE users; --", "$where: 1", "(a+)+$", "x\\", "[x", "%25x", "_%_x", "{{7*7}}")
    for q in hostile:
        assert found(root, q=q) == [], q
    assert found(root, **{"q[$ne]": "x"}), "an unknown parameter is not ignored"
    for query in JUNK_QUERIES:
        answer = raw(request_bytes("GET", f"{USERS}?{query}", root))
        assert answer.split(b" ")[1] in (b"200", b"400", b"422"), f"{query[:40]}: {answer[:60]!r}"
    assert root.get(USERS).status_code == 200


@case("admin.others-are-403", points=3, reason="A role that is not checked is a label.", auth=BOTH, needs=PROCESS)
def test_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    for user_id in (identity(bob), identity(ann), *UNKNOWN_IDS, "nonsense"):
        assert_problem(ann.get(f"{USERS}/{user_id}"), 403, "forbidden", what=user_id)
        for body in ({"role": "admin"}, {"active": False}, {"nonsense": 1}, {}):
            assert_problem(ann.patch(f"{USERS}/{user_id}", json=body), 403, "forbidden", what=body)
    assert_problem(ann.get(USERS), 403, "forbidden")
    assert_problem(ann.get(USERS, params={"limit": "x"}), 403, "forbidden")
    assert me(bob) == 200
    assert ann.get(f"{AUTH}/me").json()["role"] == "user"


@case(
    "admin.role-is-in-force-at-once",
    points=3,
    reason="Who was demoted must not be an admin until the token ends.",
    auth=BOTH,
    needs=PROCESS,
)
def test_role(as_user, project):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    response = set_user(root, identity(ann), role="admin")
    assert response.status_code == 200
    assert response.json() == {**ann.get(f"{AUTH}/me").json(), "role": "admin"}
    assert ann.get(USERS).status_code == 200
    assert set_user(root, identity(ann), role="user").json()["role"] == "user"
    assert_problem(ann.get(USERS), 403, "forbidden")
    assert me(ann) == 200


@case(
    "admin.deactivated-users-are-out-at-once",
    points=3,
    reason="Whoever is shut out must not go on until the token ends.",
    auth=BOTH,
    needs=PROCESS,
)
def test_deactivated(as_user, client, project, auth):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    email, password, user_id = ann.account.email, ann.account.password, identity(ann)
    response = set_user(root, user_id, active=False)
    assert response.status_code == 200
    assert response.json()["active"] is False
    assert me(ann) == 401
    if auth == "jwt":
        body = {"refreshToken": ann.account.tokens["refreshToken"]}
        assert_problem(client().post(f"{AUTH}/refresh", json=body), 401)
    assert_problem(log_in(visitor(client), email, password), 403, "account-inactive")
    assert_problem(log_in(visitor(client), email, "wrong-password-1"), 401)
    assert set_user(root, user_id, active=True).json()["active"] is True
    assert me(ann) == 401, "an ended session came back to life"
    again = signed_in(client, email, password)
    assert event_types(again)[:3] == ["logged-in", "account-activated", "account-deactivated"]


@case(
    "admin.last-one-stays",
    points=3,
    reason="A service without an admin can be helped only in its database.",
    auth=BOTH,
    needs=PROCESS,
)
def test_last(boot, project):
    with kingdom(boot, project, "root") as (server, (root,), _):
        me_id, ann = identity(root), server.as_user("ann")
        for change in ({"role": "user"}, {"active": False}, {"role": "user", "active": False}):
            assert_problem(set_user(root, me_id, **change), 409, what=change)
        deletion = {"password": root.account.password}
        assert_problem(root.request("DELETE", f"{AUTH}/me", json=deletion), 409)
        # An admin who is shut out is none that could help.
        assert set_user(root, identity(ann), role="admin", active=False).status_code == 200
        assert_problem(set_user(root, me_id, role="user"), 409, what="beside an inactive admin")
        assert root.get(f"{AUTH}/me").json()["role"] == "admin"
        helper = server.as_user("helper")
        assert set_user(root, identity(helper), role="admin").status_code == 200
        assert root.request("DELETE", f"{AUTH}/me", json=deletion).status_code == 204
        assert_problem(set_user(helper, identity(helper), role="user"), 409)


@case(
    "admin.two-demote-each-other",
    points=3,
    reason="Each sees the other one and takes it away: one must stay.",
    auth=BOTH,
    race=True,
    needs=PROCESS,
)
def test_duel(boot, project):
    with kingdom(boot, project, "ann", "bob") as (server, (ann, bob), _):
        rivals = {ann: identity(bob), bob: identity(ann)}
        for change in ({"role": "user"}, {"active": False}):
            requests = [json_request("PATCH", f"{USERS}/{other}", admin, change) for admin, other in rivals.items()]
            statuses = [status for status, _ in volley(server.url, requests)]
            left = [admin for admin in rivals if admin.get(USERS).status_code == 200]
            assert len(left) == 1, f"{change} of each other: {statuses}"
            assert statuses.count(200) == 1, statuses
            assert set(statuses) <= {200, 401, 403, 409}, statuses
            if "role" in change:  # once more, with both of them
                assert set_user(left[0], rivals[left[0]], role="admin").status_code == 200


@case(
    "admin.two-leave-at-once",
    points=2,
    reason="Both see that there is another one: one must stay.",
    auth=BOTH,
    race=True,
    needs=PROCESS,
)
def test_leave(boot, project):
    with kingdom(boot, project, "ann", "bob") as (server, admins, _):
        requests = [
            json_request("DELETE", f"{AUTH}/me", admin, {"password": admin.account.password}) for admin in admins
        ]
        statuses = [status for status, _ in volley(server.url, requests)]
        assert sorted(statuses) == [204, 409], statuses
        assert admins_left(server, *admins) == 1


@case(
    "admin.edits-can-be-conditional",
    points=2,
    reason="Two admins who decide on the same page must not undo each other unseen.",
    auth=BOTH,
    race=True,
    needs=PROCESS,
)
def test_etag(as_user, project, server):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    path = f"{USERS}/{identity(ann)}"
    tag = root.get(path).headers["etag"]
    requests = [json_request("PATCH", path, root, {"active": False}, {"If-Match": tag}) for _ in range(6)]
    statuses = [status for status, _ in volley(server.url, requests)]
    assert sorted(statuses) == [200] + [412] * 5, statuses
    fresh = root.get(path).headers["etag"]
    assert fresh != tag
    assert_problem(root.patch(path, json={"active": True}, headers={"If-Match": tag}), 412)
    changed = root.patch(path, json={"active": True}, headers={"If-Match": fresh})
    assert changed.status_code == 200
    assert changed.headers["etag"] == root.get(path).headers["etag"]


@case(
    "admin.unknown-users-are-404",
    points=1,
    reason="To an admin, an id that is not there is just that.",
    auth=BOTH,
    needs=PROCESS,
)
def test_unknown(as_user, project):
    root = make_admin(project, as_user("root"))
    for user_id in (*UNKNOWN_IDS, *MALFORMED_IDS):
        assert_problem(root.get(f"{USERS}/{user_id}"), 404, what=user_id[:40])
        assert_problem(root.patch(f"{USERS}/{user_id}", json={"role": "user"}), 404, what=user_id[:40])


@case(
    "admin.bad-changes-are-422",
    points=1,
    reason="An admin gives roles, and no address, password or name.",
    auth=BOTH,
    needs=PROCESS,
)
def test_invalid(as_user, project):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    user_id = identity(ann)
    for member, value in (
        *(("role", value) for value in ("root", "", "Admin", None, 1, ["admin"], {"$ne": "user"})),
        *(("active", value) for value in ("false", 0, None, [], {})),
        *((name, "x") for name in ("email", "name", "password", "id", "createdAt", "version", "nonsense")),
    ):
        assert_invalid(set_user(root, user_id, **{member: value}), member, value)
    assert_problem(root.patch(f"{USERS}/{user_id}"), 400)
    before = root.get(f"{USERS}/{user_id}").json()
    assert set_user(root, user_id).json() == before


@case(
    "admin.comes-by-the-command-only",
    points=2,
    reason="A first user who becomes admin is whoever is faster.",
    auth=BOTH,
    needs=PROCESS,
)
def test_first(boot, project):
    with kingdom(boot, project) as (server, _, promoted):
        ann = server.as_user("ann")
        assert ann.get(f"{AUTH}/me").json()["role"] == "user"
        assert_problem(ann.get(USERS), 403, "forbidden")
        promoted(ann)
        assert ann.get(f"{AUTH}/me").json()["role"] == "admin", "it is not in force at once"
        promoted(ann)
        assert event_types(ann).count("role-changed") == 1, "a second run changed something"


@case(
    "admin.command-makes-an-account",
    points=2,
    reason="The first admin of a new service need not sign up first.",
    auth=BOTH,
    needs=PROCESS,
)
def test_command(client, project):
    email, password = new_address(), new_password()
    promote(project, email, ADMIN_PASSWORD=password, ADMIN_NAME="Root")
    root = signed_in(client, email, password)
    user = root.get(f"{AUTH}/me").json()
    assert (user["name"], user["role"], user["active"]) == ("Root", "admin", True)
    promote(project, email, ADMIN_PASSWORD=new_password())
    assert log_in(visitor(client), email, password).status_code == 200, "a second run changed the password"


@case(
    "admin.command-brings-an-admin-back",
    points=1,
    reason="Whoever has the server can end a lock-out.",
    auth=BOTH,
    needs=PROCESS,
)
def test_command_again(as_user, client, project):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    assert set_user(root, identity(ann), active=False).status_code == 200
    promote(project, ann.account.email.upper())
    user = signed_in(client, ann.account.email, ann.account.password).get(f"{AUTH}/me").json()
    assert (user["role"], user["active"]) == ("admin", True)


@case(
    "admin.command-refuses-what-sign-up-refuses",
    points=2,
    reason="The most powerful account must not have the weakest password.",
    auth=BOTH,
    needs=PROCESS,
)
def test_command_refuses(client, project):
    email, weak = new_address(), "password"
    for env, name in (
        ({"ADMIN_EMAIL": email}, "ADMIN_PASSWORD"),
        ({"ADMIN_EMAIL": email, "ADMIN_PASSWORD": weak}, "ADMIN_PASSWORD"),
        ({"ADMIN_EMAIL": email, "ADMIN_PASSWORD": "short"}, "ADMIN_PASSWORD"),
        ({"ADMIN_EMAIL": "no-address", "ADMIN_PASSWORD": new_password()}, "ADMIN_EMAIL"),
        ({}, "ADMIN_EMAIL"),
    ):
        attempt = project.run("create-admin", env)
        assert attempt.code == 1, f"{sorted(env)}: exit code {attempt.code}: {attempt.output[-500:]}"
        assert name in attempt.output, f"{sorted(env)}: {attempt.output[-500:]}"
    assert_problem(log_in(visitor(client), email, weak), 401)
