"""`make password`: a new password for the owner, random unless one is typed, shown once."""

from __future__ import annotations

import getpass
import sys

from tools.backend import Backend
from tools.layout import data_dir
from tools.say import Refusal, say
from tools.secret import readable_password


def main() -> int:
    data = data_dir()
    if not (data / "gameops.db").exists():
        raise Refusal(f"There is no database in {data} yet. make run makes one, and an owner in it.")
    backend = Backend(data)
    owners = backend.owners()
    if not owners:
        raise Refusal("This database has no owner yet. make run makes one.")
    owner = owners[0]
    typed = ""
    if sys.stdin.isatty():
        typed = getpass.getpass(f"New password for {owner} (empty: a random one): ")
        if typed and getpass.getpass("Once more: ") != typed:
            raise Refusal("The two passwords differ, so nothing was changed. Run make password again.")
    password = typed or readable_password()
    backend.set_password(owner, password)
    say(f"The password of {owner} is changed." if typed else f"The new password of {owner} is {password}")
    return 0
