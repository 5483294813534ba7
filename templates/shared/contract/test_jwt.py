"""Tokens of every wrong kind, and refresh tokens that rotate."""

import base64
import hashlib
import hmac
import json
import secrets
import time

from people import AUTH, bearer, decoded, log_in, me, parts, sign_up
from wire import assert_invalid, assert_members, assert_problem, json_request, volley

from generator.contract import case

JWT = ("jwt",)


def b64(data):
    """base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def forged(header, claims, key=b""):
    """A token with this header and these claims, signed with a key of ours."""
    head = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}.get(header.get("alg"))
    return f"{head}.{b64(hmac.new(key, head.encode(), digest).digest()) if digest else ''}"


def refused(client, token):
    """Assert that an access token opens nothing."""
    response = client.get(f"{AUTH}/me", headers=bearer(token))
    assert_problem(response, 401, what=f"{token[:24]}…{token[-12:]}")
    assert response.headers.get("www-authenticate", "").startswith("Bearer"), "no WWW-Authenticate: Bearer"


def refresh(client, token):
    """The answer to a refresh."""
    return client.post(f"{AUTH}/refresh", json={"refreshToken": token})


def pair(client):
    """Sign up and log in somebody: the tokens."""
    sent = sign_up(client)
    response = log_in(client, sent["email"], sent["password"])
    assert response.status_code == 200, response.text
    return response.json()


@case(
    "auth.jwt.login-answers-tokens",
    points=1,
    reason="The names a client library looks for (RFC 6749, 5.1, in camelCase).",
    auth=JWT,
)
def test_login(client):
    tokens = pair(client())
    assert_members(tokens, {"accessToken", "refreshToken", "tokenType", "expiresIn"})
    assert tokens["tokenType"] == "Bearer"
    assert tokens["expiresIn"] == 900, "15 minutes, in seconds"
    assert me(client(), headers=bearer(tokens["accessToken"])) == 200


@case(
    "auth.jwt.claims-are-complete",
    points=1,
    reason="Without issuer, audience and kind one token passes for another.",
    auth=JWT,
)
def test_claims(client):
    began = time.time()
    header, claims = parts(pair(client())["accessToken"])
    assert header["alg"] == "HS256"
    assert {"iss", "aud", "sub", "sid", "typ", "iat", "exp"} <= set(claims)
    assert claims["exp"] - claims["iat"] == 900
    assert abs(claims["iat"] - began) < 10


@case(
    "auth.jwt.401-names-the-scheme",
    points=1,
    reason="401 without WWW-Authenticate is no HTTP (RFC 9110, 11.6.1).",
    auth=JWT,
)
def test_scheme(client):
    response = client().get(f"{AUTH}/me")
    assert_problem(response, 401)
    assert response.headers.get("www-authenticate", "").startswith("Bearer")


@case("auth.jwt.rejects-alg-none", points=3, reason="A token that says it needs no signature says so itself.", auth=JWT)
def test_none(client):
    stranger = client()
    token = pair(stranger)["accessToken"]
    header, claims = parts(token)
    for alg in ("none", "None", "NONE", "nOnE", ""):
        refused(stranger, forged({**header, "alg": alg}, claims))
    refused(stranger, token.rsplit(".", 1)[0] + ".")
    refused(stranger, token.rsplit(".", 1)[0])
    refused(stranger, forged({"typ": "JWT"}, claims))


@case("auth.jwt.rejects-other-keys", points=2, reason="A key that anyone can guess signs for anyone.", auth=JWT)
def test_keys(client):
    stranger = client()
    header, claims = parts(pair(stranger)["accessToken"])
    for key in (
        b"",
        b"secret",
        b"changeme",
        b"change-me",
        b"test",
        b"\0" * 32,
        secrets.token_bytes(32),
        hashlib.sha256(b"").digest(),
    ):
        refused(stranger, forged(header, claims, key))
    refused(stranger, forged({**header, "alg": "HS512"}, claims, b"secret"))
    refused(stranger, forged({**header, "kid": "../../../../dev/null"}, claims, b""))
    refused(stranger, forged({**header, "jwk": {"kty": "oct", "k": b64(b"secret")}}, claims, b"secret"))


@case(
    "auth.jwt.rejects-changed-claims",
    points=2,
    reason="The signature covers the claims, or it covers nothing.",
    auth=JWT,
)
def test_changed(client):
    ann, bob = client(), client()
    token, other = pair(ann)["accessToken"], pair(bob)["accessToken"]
    header, claims, signature = token.split(".")
    mine, theirs = decoded(claims), decoded(other.split(".")[1])
    for change in (
        {"sub": theirs["sub"]},
        {"sid": theirs["sid"]},
        {"exp": mine["exp"] + 86400},
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"typ": "refresh"},
    ):
        refused(ann, f"{header}.{b64(json.dumps({**mine, **change}).encode())}.{signature}")
    refused(ann, f"{header}.{other.split('.')[1]}.{signature}")
    refused(ann, f"{header}.{claims}.{other.split('.')[2]}")


@case(
    "auth.jwt.rejects-broken-tokens",
    points=1,
    reason="Whatever stands after Bearer, the answer is 401 and never 500.",
    auth=JWT,
)
def test_broken(client):
    stranger = client()
    token = pair(stranger)["accessToken"]
    header, claims, signature = token.split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    for broken in (
        token[:-10],
        token[:20],
        token + "x" * 10,
        f"{header}.{claims}.{flipped}",
        f".{claims}.{signature}",
        f"{header}..{signature}",
        "..",
        ".",
        "a.b.c",
        "null",
        "undefined",
        "x" * 4000,
        f"{token}.{signature}",
        f"{b64(b'[]')}.{claims}.{signature}",
        f"{b64(b'{')}.{claims}.{signature}",
    ):
        refused(stranger, broken)
    for value in (
        "",
        "Bearer",
        "bearer",
        "Basic YTpi",
        token,
        f"Token {token}",
        f"Bearer {token} {token}",
        "Bearer caf\u00e9",
        f"Bearer {token}, Bearer {token}",
    ):
        response = stranger.get(f"{AUTH}/me", headers={"Authorization": value.encode("latin-1")})
        assert_problem(response, 401, what=value[:30])


@case(
    "auth.jwt.access-token-is-no-refresh-token",
    points=2,
    reason="Else a leaked access token lives for a month.",
    auth=JWT,
)
def test_access_as_refresh(client):
    stranger = client()
    assert_problem(refresh(stranger, pair(stranger)["accessToken"]), 401)


@case(
    "auth.jwt.refresh-token-is-no-access-token",
    points=2,
    reason="Else the short life of access tokens is for nothing.",
    auth=JWT,
)
def test_refresh_as_access(client):
    stranger = client()
    refused(stranger, pair(stranger)["refreshToken"])


@case(
    "auth.jwt.refresh-rotates",
    points=1,
    reason="A refresh token is used once: the next comes with the answer.",
    auth=JWT,
)
def test_rotates(client):
    stranger = client()
    tokens = [pair(stranger)]
    for _ in range(3):
        response = refresh(stranger, tokens[-1]["refreshToken"])
        assert response.status_code == 200, response.text
        assert set(response.json()) == set(tokens[0])
        assert me(stranger, headers=bearer(response.json()["accessToken"])) == 200
        tokens.append(response.json())
    assert len({token["refreshToken"] for token in tokens}) == 4


@case(
    "auth.jwt.refresh-reuse-ends-family",
    points=3,
    reason="Two holders of one token: one is a thief, so both must sign in.",
    auth=JWT,
)
def test_reuse(client):
    stranger = client()
    first = pair(stranger)
    second = refresh(stranger, first["refreshToken"]).json()
    third = refresh(stranger, second["refreshToken"]).json()
    assert me(stranger, headers=bearer(third["accessToken"])) == 200
    assert_problem(refresh(stranger, first["refreshToken"]), 401)
    for tokens in (first, second, third):
        refused(stranger, tokens["accessToken"])
    assert_problem(refresh(stranger, third["refreshToken"]), 401)


@case(
    "auth.jwt.refresh-reuse-leaves-other-families",
    points=1,
    reason="A theft on one device is no reason to sign out the others.",
    auth=JWT,
)
def test_other_family(client):
    stranger = client()
    sent = sign_up(stranger)
    one, two = (log_in(stranger, sent["email"], sent["password"]).json() for _ in range(2))
    refresh(stranger, one["refreshToken"])
    assert_problem(refresh(stranger, one["refreshToken"]), 401)
    assert me(stranger, headers=bearer(two["accessToken"])) == 200
    assert refresh(stranger, two["refreshToken"]).status_code == 200


@case(
    "auth.jwt.refresh-race-has-one-winner",
    points=3,
    race=True,
    reason="Of two uses at once one is a reuse: a look before the write sees none.",
    auth=JWT,
)
def test_refresh_race(client, server):
    stranger = client()
    for _ in range(2):
        body = {"refreshToken": pair(stranger)["refreshToken"]}
        answers = volley(server.url, [json_request("POST", f"{AUTH}/refresh", stranger, body)] * 6)
        assert sorted(status for status, _ in answers) == [200] + [401] * 5
        winner = next(tokens for status, tokens in answers if status == 200)
        refused(stranger, winner["accessToken"])
        assert_problem(refresh(stranger, winner["refreshToken"]), 401)


@case("auth.jwt.refresh-rejects-junk", points=1, reason="An unknown token is 401, a malformed request 422.", auth=JWT)
def test_refresh_junk(client):
    stranger = client()
    token = pair(stranger)["refreshToken"]
    for junk in (
        "x",
        "a.b.c",
        token[:-5],
        token + "x",
        token.swapcase(),
        secrets.token_urlsafe(32),
        "' OR '1'='1",
        "\u00e9" * 40,
        "x" * 5000,
    ):
        assert refresh(stranger, junk).status_code in (401, 422), junk[:40]
    assert_problem(refresh(stranger, secrets.token_urlsafe(32)), 401)
    for value in (None, 1, {"$gt": ""}, {"$ne": None}, [token]):
        assert_invalid(refresh(stranger, value), "refreshToken", value)
    assert_invalid(stranger.post(f"{AUTH}/refresh", json={}), "refreshToken")
    assert refresh(stranger, token).status_code == 200, "junk ended a good token"


@case(
    "auth.jwt.logout-ends-the-refresh-token",
    points=2,
    reason="Who has signed out must not be signed in again by a copy.",
    auth=JWT,
)
def test_logout(client):
    stranger = client()
    tokens = pair(stranger)
    assert stranger.post(f"{AUTH}/logout", headers=bearer(tokens["accessToken"])).status_code == 204
    refused(stranger, tokens["accessToken"])
    assert_problem(refresh(stranger, tokens["refreshToken"]), 401)


def minute_long(variant, server):
    """A server whose access tokens live for a minute, and are the main server's as well."""
    return variant({"ACCESS_TOKEN_MINUTES": "1", "PUBLIC_URL": server.public_url})


@case(
    "auth.jwt.expired-access-token-is-401",
    points=2,
    reason="A token that outlives its time is a password nobody can change.",
    auth=JWT,
    needs=("process",),
    waits=92,
)
def test_expired(variant, server, client):
    token = pair(minute_long(variant, server).client())["accessToken"]
    # Servers forgive a clock that differs by 30 s, so a token may be taken for that much longer than it says.
    time.sleep(91.5)
    refused(client(), token)
