"""Mail: what it says, where its links lead, and a mail server that is away."""

import socket
import time
from email.utils import getaddresses
from urllib.parse import urlsplit

from mailed import asked, fastest, follow, forgot, link, signed_in, token
from people import AUTH, log_in, new_address, new_password, person, sign_up, visitor
from wire import eventually

from generator.contract import case

BOTH = ("jwt", "session")
PROCESS = ("process",)
SOON = 2.0


def ask(client, **members):
    """A sign-up: the status, and the seconds that it took."""
    began = time.monotonic()
    status = client.post(f"{AUTH}/signup", json=person(**members), timeout=10).status_code
    return status, time.monotonic() - began


def silent_server():
    """A socket that takes connections and says nothing, and its SMTP_URL."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    return listener, f"smtp://app:secret@127.0.0.1:{listener.getsockname()[1]}"


@case("mail.goes-to-one-person", points=2, reason="A mail with a key in it is for its owner alone.", auth=BOTH)
def test_one(client, mails):
    someone = visitor(client)
    sent, mail = asked(someone, mails, name='Evil" <evil@example.com>, Bcc: x@example.com')
    assert [to.lower() for to in mail.to] == [sent["email"].lower()]
    assert [address.lower() for _, address in getaddresses([mail.headers["To"]])] == [sent["email"].lower()]
    assert getaddresses([mail.headers["From"]])[0][1] == mail.sender
    assert not {"Cc", "Bcc"} & set(mail.headers)
    assert mail.subject.strip(), "no subject"
    assert "evil@example.com" not in "".join(mail.headers.values())


@case(
    "mail.links-lead-to-the-public-url",
    points=2,
    reason="Behind a proxy the server's own address leads nowhere.",
    auth=BOTH,
)
def test_links(client, mails, server):
    someone = visitor(client)
    sent, proof = asked(someone, mails)
    assert follow(someone, proof).status_code == 204
    for mail in (proof, forgot(someone, mails, sent["email"])):
        assert link(mail).startswith(f"{server.public_url}/"), link(mail)
        assert f"\n{link(mail)}\n" in f"\n{mail.text}\n", "the link does not stand on a line of its own"


@case(
    "mail.tokens-are-in-the-fragment",
    points=2,
    reason="What stands before # is in every log and Referer on the way.",
    auth=BOTH,
)
def test_fragment(client, mails):
    someone = visitor(client)
    sent, proof = asked(someone, mails)
    assert follow(someone, proof).status_code == 204
    for mail in (proof, forgot(someone, mails, sent["email"])):
        where = urlsplit(link(mail))
        assert token(mail) not in where.path + where.query
        assert not where.query


@case(
    "mail.does-not-hold-the-password", points=1, reason="A mailbox is read by more programs than one knows.", auth=BOTH
)
def test_no_password(client, mails):
    someone = visitor(client)
    sent, proof = asked(someone, mails)
    assert follow(someone, proof).status_code == 204
    forgot(someone, mails, sent["email"])
    for mail in mails.to(sent["email"]):
        assert sent["password"] not in mail.text


@case(
    "mail.server-that-is-away-delays-nothing",
    points=2,
    reason="Mail is late by nature: whoever signs up need not wait for it, nor see that it fails.",
    auth=BOTH,
    needs=PROCESS,
)
def test_away(boot, client):
    known = sign_up(visitor(client))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with boot(env={"SMTP_URL": f"smtp://127.0.0.1:{port}"}) as server:
        someone = visitor(server.client)
        for email in (new_address(), known["email"]):
            status, seconds = ask(someone, email=email)
            assert status == 202
            assert seconds < SOON, f"{seconds:.1f} s"
        assert log_in(someone, known["email"], known["password"]).status_code == 200
        assert someone.get("/ready").status_code == 200


@case(
    "mail.server-that-hangs-tells-nothing",
    points=3,
    reason="Where only known addresses get a mail, an answer that waits for it lists them.",
    auth=BOTH,
    needs=PROCESS,
)
def test_hangs(boot, client):
    known = sign_up(visitor(client))
    listener, url = silent_server()
    with listener, boot(env={"SMTP_URL": url}) as server:
        someone = visitor(server.client)
        for email in (known["email"], new_address()):
            seconds = fastest(
                lambda email=email: someone.post(f"{AUTH}/forgot-password", json={"email": email}, timeout=10), 3
            )
            assert seconds < SOON, f"{seconds:.1f} s"
        status, seconds = ask(someone)
        assert status == 202
        assert seconds < SOON, f"{seconds:.1f} s"
        server.terminate()
        assert server.wait(10) == 0, "a mail that does not go out held the shutdown up"


@case(
    "mail.on-its-way-is-sent-at-shutdown",
    points=2,
    reason="The answer said that a mail comes: a deployment must not lose it.",
    auth=BOTH,
    needs=PROCESS,
)
def test_shutdown(boot, mails):
    emails = [new_address() for _ in range(4)]
    with boot() as server:
        someone = visitor(server.client)
        for email in emails:
            assert ask(someone, email=email)[0] == 202
        server.terminate()
        assert server.wait(10) == 0
    for email in emails:
        mails.wait(email)


@case(
    "mail.server-address-is-checked",
    points=1,
    reason="A typing error must not keep every mail back unseen.",
    auth=BOTH,
    needs=PROCESS,
)
def test_url(boot_refused):
    for url in ("nonsense", "http://127.0.0.1:25", "smtp://", "smtp://host:port", "127.0.0.1:25"):
        code, output = boot_refused({"SMTP_URL": url})
        assert code == 1, f"{url}: exit code {code}: {output[-500:]}"
        assert "SMTP_URL" in output, f"{url}: {output[-500:]}"


@case(
    "mail.production-needs-a-server",
    points=2,
    reason="Without one the mails would go to the log, with a key in each.",
    auth=BOTH,
    needs=PROCESS,
)
def test_production(boot_refused):
    code, output = boot_refused({"APP_ENV": "production", "SMTP_URL": None})
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert "SMTP_URL" in output, output[-500:]


@case(
    "mail.is-printed-in-development",
    points=1,
    reason="To try it out, one needs no mail server.",
    auth=BOTH,
    needs=PROCESS,
)
def test_console(boot):
    with boot(env={"APP_ENV": "development", "SMTP_URL": None}) as server:
        assert ask(visitor(server.client))[0] == 202
        shown = eventually(
            lambda: f"{server.public_url}/verify-email#token=" in "\n".join(server.stdout_lines()), within=5
        )
        assert shown, "the link is not printed"


@case(
    "mail.log-tells-no-address-and-no-token",
    points=3,
    reason="Logs are read by more people than mailboxes.",
    auth=BOTH,
    needs=PROCESS,
)
def test_log(server, boot, client, mails):
    someone = visitor(client)
    sent, proof = asked(someone, mails)
    assert follow(someone, proof).status_code == 204
    reset = forgot(someone, mails, sent["email"])
    new, other = new_password(), new_address()
    assert follow(someone, reset, newPassword=new).status_code == 204
    user = signed_in(client, sent["email"], new)
    assert user.post(f"{AUTH}/email", json={"newEmail": other, "password": new}).status_code == 202
    change = mails.wait(other)[-1]
    assert follow(someone, change).status_code == 204
    follow(someone, change)
    kept = [sent["email"], other, sent["password"], new, token(proof), token(reset), token(change)]
    listener, url = silent_server()
    listener.close()
    lost = new_address()
    with boot(env={"SMTP_URL": url}) as alone:
        assert ask(visitor(alone.client), email=lost)[0] == 202
        time.sleep(1)
        alone.terminate()
        assert alone.wait(15) == 0
        text = "\n".join(alone.stdout_lines()) + alone.stderr_text()
    text += "\n".join(server.stdout_lines()) + server.stderr_text()
    for secret in (*kept, lost):
        assert secret not in text, (
            f"{secret[:5]}… is in the log: {next(line for line in text.splitlines() if secret in line)[:300]}"
        )
