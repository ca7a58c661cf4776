# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `ansible-test --venv` needs around it: a home, a PATH of real interpreters, a way to get pip, no ssh-keygen."""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path

from .cores import VENVS, Environment, search_path

# Nothing else of the caller's environment gets in: a NETOSECRET or an ANSIBLE_* would change the tests.
KEPT = re.compile(r"(TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CI|TERM|PIP_.*|(?i:https?|no)_proxy)")

GET_PIP = '''\
"""Stand-in for get-pip.py, written by the tests of netapi.auth: pip from this Python's own ensurepip.

ansible-test would fetch the real one from its own host, which a closed network does not reach.
"""

import subprocess
import sys

OPTIONS = ("--no-setuptools", "--no-wheel")
wanted = [argument for argument in sys.argv[1:] if argument not in OPTIONS]
subprocess.check_call([sys.executable, "-m", "ensurepip"])
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *wanted]))
'''


def environment_for(environment: Environment, name: str) -> dict[str, str]:
    """Environment variables for `ansible-test`, and for anything else that runs Ansible, from a venv.

    :param name: of the home directory. ansible-test makes its sanity environments there, where two at once collide.
    """
    home = make_home(name)
    write_get_pip(environment, home)
    write_key(home)
    return {
        **{key: value for key, value in os.environ.items() if KEPT.fullmatch(key)},
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join((str(environment.path / "bin"), search_path())),
    }


def make_home(name: str) -> Path:
    """A home directory with nothing of the user's but how he reaches his package index.

    It also keeps `~/.netrc` and `~/.netfoundry` out of the tests.
    """
    home = VENVS / f"home-{name}"
    configuration = home / ".config" / "pip" / "pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    with configuration.open("w", encoding="utf-8") as file:
        pip_configuration().write(file)
    return home


def pip_configuration() -> configparser.RawConfigParser:
    """The user's pip settings, files and PIP_* variables: ansible-test drops the variables.

    pip compiles what it installs, unless the user has told it not to. So no module that sanity imports warns of its
    own source, which sanity takes for a failure.
    """
    merged = configparser.RawConfigParser(strict=False)
    merged.read(
        [Path("/etc/pip.conf"), Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf"]
    )
    for section in ("global", "install"):
        if not merged.has_section(section):
            merged.add_section(section)
    for key, value in os.environ.items():
        if key.startswith("PIP_") and key != "PIP_CONFIG_FILE":
            merged.set("global", key[len("PIP_") :].lower().replace("_", "-"), value)
    if not merged.has_option("global", "cache-dir"):
        merged.set("global", "cache-dir", str(Path.home() / ".cache" / "pip"))
    return merged


def write_get_pip(environment: Environment, home: Path) -> None:
    """Write the stand-in under each name that the installed ansible-core may ask for; none where there is no core."""
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for source in environment.path.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"):
        for version in set(re.findall(r"\bpip='([0-9][0-9.]*)'", source.read_text(encoding="utf-8"))):
            (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP, encoding="utf-8")


def write_key(home: Path) -> None:
    """Write files in place of the key that ansible-test makes with ssh-keygen, for hosts that no test here has."""
    for name in ("id_rsa", "id_rsa.pub"):
        (home / ".ansible" / "test" / name).touch(mode=0o600)
