# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `ansible-test --venv` needs around it: a home, a PATH of real interpreters, a way to get pip."""

from __future__ import annotations

import configparser
import os
import re
import threading
from pathlib import Path

from .cores import VENVS, Environment
from .interpreters import find_all

# Nothing else of the caller's environment gets in: a NETOSECRET or an ANSIBLE_* would change the tests.
KEPT = ("TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CI", "TERM")
KEPT_PREFIXES = ("PIP_",)
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")

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
    """Environment variables for `ansible-test`, and for anything else that runs Ansible, from a venv."""
    home = make_home(name)
    variables = {
        key: value
        for key, value in os.environ.items()
        if key in KEPT or key in PROXIES or key.startswith(KEPT_PREFIXES)
    }
    variables["HOME"] = str(home)
    variables["LC_ALL"] = "C.UTF-8"
    variables["NO_COLOR"] = "1"
    path = [environment.path / "bin", make_links(name), *usable_path()]
    variables["PATH"] = os.pathsep.join(map(str, path))
    write_get_pip(environment, home)
    return variables


def make_home(name: str) -> Path:
    """A home directory with nothing of the user's but how he reaches his package index.

    One per core: ansible-test makes its sanity environments under `~/.ansible`, where two at once collide.
    It also keeps `~/.netrc` and `~/.netfoundry` out of the tests.
    """
    home = VENVS / f"home-{name}"
    cache = Path.home() / ".cache" / "pip"
    cache.mkdir(parents=True, exist_ok=True)
    link = home / ".cache" / "pip"
    link.parent.mkdir(parents=True, exist_ok=True)
    point(link, cache)
    configuration = home / ".config" / "pip" / "pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    with configuration.open("w", encoding="utf-8") as file:
        pip_configuration().write(file)
    return home


def pip_configuration() -> configparser.RawConfigParser:
    """The user's pip settings, files and PIP_* variables: ansible-test drops the variables."""
    merged = configparser.RawConfigParser(strict=False)
    merged.read([Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf"])
    for section in ("global", "install"):
        if not merged.has_section(section):
            merged.add_section(section)
    for key, value in os.environ.items():
        if key.startswith("PIP_") and key != "PIP_CONFIG_FILE":
            merged.set("global", key[len("PIP_") :].lower().replace("_", "-"), value)
    # pip compiles what it installs, unless the user has told it not to. So no module that sanity imports warns of its
    # own source, which sanity takes for a failure.
    return merged


def make_links(name: str) -> Path:
    """A directory of `pythonX.Y` links to the real interpreters, for the head of the PATH."""
    folder = VENVS / f"pythons-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    usable = {f"python{version}": each.path for version, each in find_all().items() if each.can_make_venv}
    for old in folder.glob("python*"):
        if old.name not in usable:
            old.unlink(missing_ok=True)
    for link, path in usable.items():
        point(folder / link, path)
    return folder


def point(link: Path, path: Path) -> None:
    """Make a link in one step, unless it is right: another job may be using it."""
    if link.is_symlink() and link.readlink() == path:
        return
    fresh = link.with_name(f".{link.name}-{os.getpid()}-{threading.get_ident()}")
    fresh.symlink_to(path)
    fresh.replace(link)


def usable_path() -> list[Path]:
    """The PATH without pyenv's shims: to ansible-test one that answers "command not found" is a Python."""
    entries = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry]
    return [entry for entry in entries if entry.name != "shims"]


def write_get_pip(environment: Environment, home: Path) -> None:
    """Write the stand-in under each name that the installed ansible-core may ask for."""
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in pip_versions(environment):
        path = cache / f"get_pip_{version.replace('.', '_')}.py"
        if not path.exists():
            path.write_text(GET_PIP, encoding="utf-8")


def pip_versions(environment: Environment) -> set[str]:
    """The pip versions named in ansible-test's `get_venv_packages`."""
    source = "ansible_test/_internal/python_requirements.py"
    found = sorted(environment.path.glob(f"lib/python3*/site-packages/{source}"))
    if not found:
        raise FileNotFoundError(f"{environment.path} holds no {source}")
    versions = set(re.findall(r"\bpip='([0-9][0-9.]*)'", found[0].read_text(encoding="utf-8")))
    if not versions:
        raise ValueError(f"{found[0]} names no version of pip")
    return versions
