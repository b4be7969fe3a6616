"""The user the servers run as. PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import LocalError, explain
from .places import Places


@dataclass(frozen=True)
class Account:
    """Whom a server runs as.

    Args:
        name: its login name.
        uid: user number.
        gid: group number.
        switch: whether we have to become it first (we are root).
    """

    name: str
    uid: int
    gid: int
    switch: bool

    def popen_options(self) -> dict[str, object]:
        """Arguments for `subprocess` that make the child run as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> Account:
    """The present user; for root, `postgres` if there is one, else `nobody`.

    Raises:
        LocalError: root, and neither exists.
    """
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid, switch=True)
    raise LocalError(
        "PostgreSQL refuses to run as root, and there is neither a user “postgres” nor “nobody”. "
        "Add one, run `make run` as an ordinary user, or set DATABASE_URL."
    )


def can(account: Account, test: Callable[[], bool]) -> bool:
    """Whether a test holds for that user.

    Args:
        account: who asks.
        test: run in a child process that has become the user.
    """
    if not account.switch:
        return test()
    child = os.fork()
    if child == 0:
        answer = 1
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            answer = 0 if test() else 1
        finally:
            os._exit(answer)
    return os.waitpid(child, 0)[1] == 0


def can_enter(account: Account, folder: Path) -> bool:
    """Whether that user gets into a folder through all folders above it."""
    return can(account, lambda: os.access(folder, os.X_OK))


def server_home(places: Places, account: Account) -> Path:
    """The folder that holds the database's files, owned by the user the servers run as.

    It is `postgres/` in the data folder. When root's data folder lies where that user can't enter (under
    `/root`, say), it is a folder below `/var/lib`, one for each data folder.

    Args:
        places: the data folder.
        account: whom the server runs as.

    Raises:
        LocalError: it can't be made.
    """
    if can_enter(account, places.root):
        home = places.root / "postgres"
    else:
        mark = hashlib.sha256(str(places.root).encode()).hexdigest()[:12]
        home = Path("/var/lib/partnership-registry") / mark
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        if account.switch and home.stat().st_uid != account.uid:
            os.chown(home, account.uid, account.gid)
        home.chmod(0o700)
    except OSError as error:
        raise explain(error, home) from error
    if not can_enter(account, home):
        raise LocalError(
            f"The user “{account.name}”, as whom the database must run, can't enter {home}. "
            f"Set DATA_DIR to a folder that everybody may enter, or run `make run` as an ordinary user."
        )
    return home


def reachable_programs(source: Path, beside: list[Path], program: str, home: Path, account: Account) -> Path:
    """A folder of programs that the user can run: the source itself, or a copy beside the data.

    Args:
        source: the folder as installed.
        beside: folders that must lie at the same relative place, such as shared libraries.
        program: path of one program inside `source`, for the trial.
        home: the folder for a copy.
        account: who must be able to run them.

    Returns:
        `source`, or the copy of it.

    Raises:
        LocalError: the copy can't be made.
    """
    if can(account, lambda: os.access(source / program, os.R_OK | os.X_OK)):
        return source
    size = sum(each.stat().st_size for each in source.rglob("*") if each.is_file())
    target = home / "programs" / f"{source.parent.name}-{size}"
    copy = target / source.name
    if not (target / "complete").exists():
        try:
            for folder in [source, *beside]:
                shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)
            for each in [home / "programs", target, *target.rglob("*")]:
                executable = each.is_dir() or each.stat().st_mode & stat.S_IXUSR
                each.chmod(0o755 if executable else 0o644)
            (target / "complete").touch()
        except OSError as error:
            raise explain(error, target) from error
    return copy
