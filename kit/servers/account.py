"""Under which account the servers run, and what that account can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from kit.servers.errors import NoServerAccount

# An operator who creates an account named gongche keeps the servers' files from other daemons
# that run as nobody.
_CANDIDATES = ("gongche", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system, by number."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process itself runs under the account."""
        return self.uid == os.geteuid()

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)


def server_account(existing_data: Path) -> Account:
    """Return the account that servers run under.

    An ordinary user's servers are his own. PostgreSQL refuses root, so root's run under the owner
    of `existing_data` where it exists, else under the first existing unprivileged account.
    Raises NoServerAccount when there is none.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if existing_data.exists():
        owner = existing_data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise NoServerAccount(names=" and ".join(_CANDIDATES))


def reachable(path: Path, account: Account) -> bool:
    """Return whether `account` may pass through every folder down to `path` and through it.

    Judged by owner, group and mode alone; access lists beyond these are not looked at.
    """
    if account.is_ours:
        return True
    here = path.resolve()
    return all(_may_pass(part, account) for part in (here, *here.parents))


def _may_pass(path: Path, account: Account) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
