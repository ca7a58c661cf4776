# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is to run: each job of the Makefile is a session of nox, `nox --list` shows them.

The Makefile says which jobs there are for what, and builds the environments, which are sessions too, before them.
`tests/tools/cores.py` has the tables of cores and environments, `tests/tools/run.py` what a job's output must show.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import antsibull_nox
import nox

sys.path.insert(0, str(Path(__file__).parent / "tests"))
from tools import examples
from tools.ansible_test import KEPT, environment_for, pip_configuration
from tools.cores import (
    CARRIER,
    CORES,
    ENVIRONMENTS,
    NEWEST,
    ROOT,
    TOO_OLD,
    VENVS,
    Environment,
    core_environment,
    find,
    lead_to,
    search_path,
)
from tools.docsite import write_index
from tools.needs import Lack, advice
from tools.release import tarball
from tools.stage import BUILD, changed, in_memory, stage

PACKAGE = "ansible_collections/netapi/auth"
# The integration targets that are jobs of their own: plays of hundreds of hosts, a provider of 177 MB, two that are
# built for minutes, and collections that are made for the newest core.
APART = ("crowds", "keycloak", "providers", "stores")
# The integration targets that depend on the core: `make test` runs these on the cores between oldest and newest.
BRIEF_TARGETS = ("uri", "auth_headers", "one_grant", "sources")
# What the package holds: `make test` has no more of it gone over by the oldest core's sanity tests.
PACKED = ("changelogs", "docs", "meta", "playbooks", "plugins", "roles")
# The unit tests in which requests, PyJWT, jmespath and cryptography do their part.
LOWEST = (
    *(
        f"tests/unit/plugins/plugin_utils/test_{name}.py"
        for name in ("http", "http_faults", "http_tls", "netography", "lives", "assertions", "client_auth")
    ),
    # Old releases read some keys of EC that are damaged.
    "tests/unit/plugins/plugin_utils/test_keys.py::test_a_key_in_each_shape_is_read",
)
# The modules hold nothing but documentation: their actions run.
COVERAGE = """[run]
branch = true
parallel = true
data_file = {data}/measured
source = {plugins}
omit = {plugins}/modules/*
patch = _exit
disable_warnings = no-data-collected, module-not-measured, couldnt-parse
[report]
omit = {plugins}/modules/*
exclude_also =
    if t.TYPE_CHECKING:
    \\.\\.\\.$
"""

# What the caller asks for, before his environment is put away.
CORE = os.environ.get("CORE", "")
WORKERS = os.environ.get("WORKERS", "")
FUZZ_EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
KEPT_HERE = re.compile(r"HOME|USER|LANG|FORCE_COLOR|NO_COLOR|VIRTUAL_ENV|NODE_EXTRA_CA_CERTS|GO[A-Z]+|(UV|NOX)_.*")
kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name) or KEPT_HERE.fullmatch(name)}
path = search_path()
os.environ.clear()
os.environ |= kept | {"PATH": path, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
# uv does not read the settings of pip.
if index := pip_configuration().get("global", "index-url", fallback=""):
    os.environ.setdefault("UV_DEFAULT_INDEX", index)
# Its own limit of thirty seconds is short for a slow index.
os.environ.setdefault("UV_HTTP_TIMEOUT", os.environ.get("PIP_DEFAULT_TIMEOUT", "180"))

# Without uv, venv and pip build the environments.
nox.options.default_venv_backend = "uv|venv"
nox.options.envdir = str(VENVS / "nox")
nox.options.error_on_missing_interpreters = True
nox.options.sessions = []
antsibull_nox.load_antsibull_nox_toml()


def session(name: str) -> Callable[[Callable[[nox.Session], None]], object]:
    """Declare a job that runs in an environment which is there already."""
    return nox.session(name=name, python=False, default=False)


def run(
    job: nox.Session,
    environment: Environment,
    *argv: str,
    cwd: Path = ROOT,
    tree: str = "",
    home: str = "",
    fails: bool = False,
    **more: str,
) -> str:
    """Run a program of an environment with nothing of the caller's; the output of one that has to fail.

    :param tree: the staged tree in which collections are found.
    """
    variables = environment_for(environment, home or job.name) | more
    if tree:
        variables |= {"PYTHONPATH": str(BUILD / tree), "ANSIBLE_COLLECTIONS_PATH": str(BUILD / tree)}
    with job.chdir(cwd):
        said = job.run(
            str(environment.path / "bin" / argv[0]),
            *argv[1:],
            env=variables,
            include_outer_env=False,
            external=True,
            silent=fails,
            success_codes=[1, 2, 3] if fails else [0],
        )
    return str(said)


# Environments


def declare_environment(environment: Environment) -> None:
    """The session that builds an environment, unless it was made from the same."""
    made = environment.path / "made-from"
    python = find(environment.pythons)
    key = environment.key
    same = made.exists() and made.read_text(encoding="utf-8") == key and environment.python.exists()

    def build(job: nox.Session) -> None:
        if not python:
            lack = Lack((job.name,), pythons=environment.pythons)
            job.error(f"no {lack.name} is in PATH, ~/.pyenv or /opt, nor fetched by uv:\n{advice([lack])}")
        if not same:
            files = [argument for name in environment.files for argument in ("--requirement", name)]
            job.install(*environment.packages, *files, env={"UV_COMPILE_BYTECODE": str(int(environment.compiled))})
            if environment.node:
                for path in environment.node_files:
                    shutil.copy(path, job.virtualenv.location)
                job.run("npm", "ci", "--prefix", job.virtualenv.location)
            if environment.collections:
                unpack(job, environment.collections)
        # nox names directories in its own way.
        lead_to(environment.path, Path(job.virtualenv.location))
        made.write_text(key, encoding="utf-8")

    nox.session(
        name=f"venv-{environment.name}",
        # Without it there is nothing to make one of: the session says so.
        python=python or False,
        reuse_venv=same,
        default=False,
    )(build)


def unpack(job: nox.Session, collections: tuple[str, ...]) -> None:
    """Put these collections into the environment, as `ansible` has them, and nothing else of it."""
    wheels = Path(job.create_tmp())
    job.run("python", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), CARRIER)
    (wheel,) = wheels.glob("*.whl")
    parts = tuple(f"ansible_collections/{name.replace('.', '/')}/" for name in collections)
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(parts)]
        archive.extractall(job.virtualenv.location, names)
    wheel.unlink()


for each in ENVIRONMENTS.values():
    declare_environment(each)


@session("venv-keycloak")
def keycloak(job: nox.Session) -> None:
    """Keycloak, from Maven, unpacked and built."""
    job.run(sys.executable, "-B", "tests/integration/servers/keycloak.py", str(VENVS / "keycloak"), external=True)


@session("venv-go")
def go(job: nox.Session) -> None:
    """Hydra and Dex, built from their Go modules."""
    job.run(sys.executable, "-B", "tests/integration/servers/build.py", str(VENVS / "go"), external=True)


# Tests on a core


def unit_tests(job: nox.Session, environment: Environment, *arguments: str) -> None:
    """In one process: ansible-test forks for each test, which takes more than twice the time."""
    # What a person tries does not take the tree from under a whole run.
    tree = f"{job.name}-tried" if job.posargs else job.name
    workers = ["-p", "xdist", "-n", WORKERS] if WORKERS else []
    argv = ("python", "-B", "tests/unit", *workers, *arguments, *job.posargs)
    # The fuzz tests depend little on the core.
    examples = FUZZ_EXAMPLES or ("200" if environment.name == f"core-{NEWEST}" else "20")
    with in_memory() as temporary:
        variables = {"FUZZ_EXAMPLES": examples} | temporary
        run(job, environment, *argv, cwd=stage(tree), tree=tree, fails=False, **variables)


def ansible_test(job: nox.Session, environment: Environment, kind: str, *arguments: str, staged: bool = False) -> None:
    """A kind of test by ansible-test, in a tree of the job's own: two at once in one tree disturb each other."""
    tree = f"{job.name}-tried" if job.posargs else job.name
    folder = BUILD / tree / PACKAGE if staged else stage(tree)
    if kind == "integration":
        providers = {
            "openid_python": "openid/bin/python",
            "oidc_provider": "oidc-provider",
            "keycloak": "keycloak",
            "go": "go",
            "stores": "stores",
        }
        facts = {name: str(VENVS / path) for name, path in providers.items()}
        facts["results"] = str(BUILD)
        config = folder / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    python = Path(find(environment.pythons)).name.removeprefix("python")
    # Sanity makes environments of its own, and goes over every Python that the core supports and that is there.
    where = ["--venv"] if kind == "sanity" else ["--local", "--python", python]
    run(job, environment, "ansible-test", kind, *where, "--color", "no", *arguments, *job.posargs, cwd=folder)


def leaks(job: nox.Session, environment: Environment, series: str, *arguments: str) -> None:
    """The leak suite; what it found is for `make security`."""
    suite = f"{PACKAGE.replace('/', '.')}.tests.leaks"
    argv = ("python", "-B", "-m", suite, "--json", str(BUILD / f"leaks-{series}.json"), *arguments, *job.posargs)
    run(job, environment, *argv, cwd=stage(job.name), tree=job.name)


@session("units-lowest")
def lowest_units(job: nox.Session) -> None:
    """What the libraries do for the collection, with the oldest releases that it takes."""
    unit_tests(job, ENVIRONMENTS["lowest"], *LOWEST)


def declare(name: str, function: Callable[..., None], *arguments: object) -> None:
    """The session of that name, which calls the function."""

    @session(name)
    def work(job: nox.Session) -> None:
        function(job, *arguments)


for series, pythons in CORES.items():
    for python in ("", *pythons):
        core = core_environment(series, python)
        name = core.name.removeprefix("core-")
        declare(f"units-{name}", unit_tests, core)
        declare(f"units-brief-{name}", unit_tests, core, "-m", "core")
        excluded = [argument for target in APART for argument in ("--exclude", target)]
        declare(f"integration-{name}", ansible_test, core, "integration", *excluded)
        declare(f"integration-brief-{name}", ansible_test, core, "integration", *BRIEF_TARGETS)
        for target in APART:
            declare(f"{target}-{name}", ansible_test, core, "integration", target)
        declare(f"sanity-{name}", ansible_test, core, "sanity")
        declare(f"sanity-brief-{name}", ansible_test, core, "sanity", *(f"{folder}/" for folder in PACKED))
        # The control shows what the suite would find without the protection.
        control = ["--control"] if series in (NEWEST, CORE) else []
        declare(f"leaks-{name}", leaks, core, series, *control)
        declare(f"leaks-brief-{name}", leaks, core, series)


@session("play")
def play(job: nox.Session) -> None:
    """Any command in the environment of one core, in the staged collection: nox -s play -- 2.21 ansible-playbook ..."""
    series, *argv = job.posargs
    folder = stage(f"play-{series}")
    run(job, core_environment(series), *argv, cwd=folder, tree=f"play-{series}", home=f"play-{series}")


@session("pythons")
def show_pythons(job: nox.Session) -> None:
    """The Pythons of each core, first the one of `make test`, and where they are."""
    for series, pythons in CORES.items():
        print(f"ansible-core {series:8}", *(each if find((each,)) else f"({each} is not here)" for each in pythons))
    for each in sorted({TOO_OLD, *(each for pythons in CORES.values() for each in pythons)}):
        print(f"Python {each:14}{find((each,)) or 'not here'}")


@session("matrix")
def matrix(job: nox.Session) -> None:
    """The names of all combinations of a core and a Python that is here; as JSON (`-- json`) all there are."""
    pairs = [(series, python) for series, pythons in CORES.items() for python in pythons]
    if job.posargs:
        print(json.dumps([{"core": series, "python": python} for series, python in pairs]))
    else:
        print(*(f"{series}-py{python}" for series, python in pairs if find((python,))))


# Linters

LINT = ENVIRONMENTS["lint"]
# A mistake for each linter that says nothing when all is well, which has to find it: path, text, what it says.
FAULTS = {
    ("yamllint", "--strict", "."): ("meta/fault.yml", "key: yes\n", r"meta/fault\.yml"),
    ("antsibull-changelog", "lint"): ("changelogs/fragments/fault.yml", "gone:\n  - Text.\n", r"fault\.yml.*gone"),
    ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", "."): (
        "plugins/modules/fault.py",
        'DOCUMENTATION = """\nmodule: fault\nshort_description: Fault\ndescription: See M(netapi.auth.gone).\n"""\n',
        r"netapi\.auth\.gone",
    ),
}
# The modules have their options for this.
UNKNOWN_OPTION = """---
- name: Get a token
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Get a NetFoundry token
      netapi.auth.netfoundry_token:
        client_idd: one
"""


def in_a_copy(check: Any) -> None:
    """Have antsibull-nox work on a staged tree: without git, .venvs and .build would be parts of the collection."""
    work = check.func

    def staged(job: nox.Session) -> None:
        with job.chdir(stage(job.name)):
            work(job)

    check.func = staged


for name in ("docs-check", "license-check"):
    in_a_copy(nox.registry.get()[name])


@session("lint-text")
def lint_text(job: nox.Session) -> None:
    """ruff, actionlint, and the linters of YAML, changelog and documentation, which must find planted faults too."""
    if found := sorted(ROOT.glob("tests/sanity/ignore-*.txt")):
        job.error(f"{found[0].name}: sanity must pass without an ignore file")
    run(job, LINT, "ruff", "check", "--no-cache", ".")
    run(job, LINT, "ruff", "format", "--no-cache", "--check", ".")
    # By their names: it would ask git for the root.
    run(job, LINT, "actionlint", "-verbose", *sorted(str(path) for path in ROOT.glob(".github/workflows/*.yml")))
    folder, faulty = stage(job.name), stage("faulty")
    # What only takes time to read.
    for name in ("docs", "plugins", "roles", "tests"):
        shutil.rmtree(faulty / name)
    for argv, (path, text, says) in FAULTS.items():
        # docs-check runs it over the tree without faults.
        if "docs" not in argv[0]:
            run(job, LINT, *argv, cwd=folder, tree=job.name)
        (faulty / path).parent.mkdir(parents=True, exist_ok=True)
        (faulty / path).write_text(text, encoding="utf-8")
        said = run(job, LINT, *argv, cwd=faulty, tree="faulty", fails=True)
        if not re.search(says, said):
            job.error(f"{argv[0]} should have found {says!r} in the tree with faults: {said}")


@session("lint-ansible")
def lint_ansible(job: nox.Session) -> None:
    """ansible-lint, which must find an option of no module too."""
    folder = stage(job.name)
    argv = ("ansible-lint", "--offline", "--strict")
    run(job, LINT, *argv, cwd=folder, tree=job.name)
    fault = folder / "playbooks" / "fault.yml"
    fault.write_text(UNKNOWN_OPTION, encoding="utf-8")
    # The profile is without that rule.
    with_args = ("--enable-list", "args", "playbooks/fault.yml")
    said = run(job, LINT, *argv, *with_args, cwd=folder, tree=job.name, fails=True)
    if not re.search(r"args\[module\].*client_idd", said):
        job.error(f"ansible-lint should have found client_idd: {said}")


@session("lint-mypy")
def lint_mypy(job: nox.Session) -> None:
    """mypy, strict, over the collection and its tests, and over this file."""
    folder = stage(job.name)
    settings = ("--config-file", f"{PACKAGE}/pyproject.toml")
    # What did not change is not looked at again, each call's in a place of its own.
    caches = [("--cache-dir", str(BUILD / "mypy" / name)) for name in ("collection", "noxfile")]
    run(
        job,
        LINT,
        "mypy",
        *settings,
        *caches[0],
        *(f"{PACKAGE}/{name}" for name in ("declarations", "plugins", "tests")),
        cwd=BUILD / job.name,
    )
    # What it imports is checked by the other call.
    noxfile = ("--follow-imports=silent", f"{PACKAGE}/noxfile.py")
    run(job, LINT, "mypy", *settings, *caches[1], *noxfile, cwd=BUILD / job.name, MYPYPATH=str(folder / "tests"))


@session("lint-examples")
def lint_examples(job: nox.Session) -> None:
    """ansible-lint and yamllint over every example of the documentation, each a file of its own."""
    tree = stage(job.name)
    folder = BUILD / "examples"
    shutil.rmtree(folder, ignore_errors=True)
    names = [str(path.relative_to(folder)) for path in examples.write(tree, folder)]
    if not names:
        job.error("no example was found")
    for name in (".ansible-lint", ".yamllint"):
        shutil.copy(ROOT / name, folder)
    run(job, LINT, "yamllint", "--strict", *names, cwd=folder)
    where = os.pathsep.join(map(str, (BUILD / job.name, examples.stand_in(folder), ENVIRONMENTS["stores"].path)))
    argv = ("ansible-lint", "--offline", "--strict", *names)
    run(job, LINT, *argv, cwd=folder, ANSIBLE_COLLECTIONS_PATH=where)


@session("lint-package")
def lint_package(job: nox.Session) -> None:
    """A release in a copy of the tree, and what it holds tried with nothing else of the collection."""
    python = str(ENVIRONMENTS["demo"].python)
    for argv in (["release"], ["demo", "--tarball", str(tarball()), "--bare"]):
        job.run(python, "-B", "-m", f"tests.tools.{argv[0]}", *argv[1:], external=True)


@session("lint-certified")
def lint_certified(job: nox.Session) -> None:
    """The release's tarball as Automation Hub takes it, which runs its ansible-lint with the production profile."""
    settings = str(ROOT / "tests" / "tools" / "galaxy-importer.cfg")
    folder = BUILD / job.name
    folder.mkdir(parents=True, exist_ok=True)
    argv = ("python", "-m", "galaxy_importer.main", str(tarball()))
    run(job, ENVIRONMENTS["certification"], *argv, cwd=folder, GALAXY_IMPORTER_CONFIG=settings)


@session("lint-clone")
def lint_clone(job: nox.Session) -> None:
    """`make demo` and `make sandbox` as README and guide say them. Ctrl-C ends the latter, which make calls 130."""
    job.run("make", "demo", external=True)
    argv = ("timeout", "--signal=INT", "--preserve-status", "20", "make", "sandbox")
    job.run(*argv, external=True, success_codes=[130])


@session("lint-old-python")
def lint_old_python(job: nox.Session) -> None:
    """What the collection says on a Python that is too old for it."""
    playbook = "tests/tools/old_python.yml"
    run(job, ENVIRONMENTS["old-python"], "ansible-playbook", playbook, cwd=stage(job.name), tree=job.name)


@session("lint-docs")
def lint_docs(job: nox.Session) -> None:
    """The documentation site: the guides, and the pages of the plugins, as HTML in `.build/docs/html`.

    antsibull-docs takes no pictures along: they are put where the guides' paths lead, which are those of the tree.
    """
    tree = stage("docs")
    site = BUILD / "docs"
    pages = site / "rst"
    pages.mkdir()
    # antsibull-docs refuses a directory that others may write to.
    pages.chmod(0o755)
    shutil.copytree(tree / "docs" / "pictures", site / "pictures")
    how = ("--use-current", "--squash-hierarchy", "--cleanup", "everything", "--fail-on-error")
    docs = ENVIRONMENTS["docs"]
    run(job, docs, "antsibull-docs", "collection", *how, "--dest-dir", str(pages), "netapi.auth", cwd=site, tree="docs")
    write_index(tree, pages)
    sphinx = ("sphinx-build", "-b", "html", "-n", "-W", "--keep-going", "-c", str(ROOT / "tests" / "tools"))
    run(job, docs, *sphinx, str(pages), str(site / "html"), cwd=site)


# Now and then


@session("format")
def format_code(job: nox.Session) -> None:
    """Format the tree itself."""
    run(job, LINT, "ruff", "check", "--fix-only", "--no-cache", ".")
    run(job, LINT, "ruff", "format", "--no-cache", ".")


@session("quick")
def quick(job: nox.Session) -> None:
    """ruff over the files that differ from the last commit, and the unit tests that are among them or name what is.

    A test names a file by its module, or holds words of a line that has gone, such as a sentence. The guide to
    troubleshooting is written anew.
    """
    if not shutil.which("git") or not (ROOT / ".git").exists():
        job.error("only git knows the last commit: install it, or use `make units TESTS=...` in a copy without .git")

    def git(*argv: str) -> str:
        return str(job.run("git", *argv, silent=True, log=False, external=True))

    names = changed()
    python = [name for name in names if name.endswith(".py")]
    if not python:
        job.error("no Python file differs from the last commit: `make test` tests all of it")
    if there := [name for name in python if Path(name).is_file()]:
        run(job, LINT, "ruff", "check", "--no-cache", *there)
        run(job, LINT, "ruff", "format", "--no-cache", "--check", *there)
    if any(name.startswith("plugins/") for name in names):
        job.run(sys.executable, "-B", "-m", "tests.tools.messages", external=True)
    gone = re.findall(r"(?m)^-(?!--)(.*)", git("diff", "--unified=0", "HEAD", "--", "plugins"))
    parts = {part.strip() for line in gone for part in re.findall(r"[\w ,.;'-]+", line)}
    words = [re.escape(part) for part in parts if len(part) >= 16]
    modules = [rf"\b{Path(name).stem}\b" for name in python if name.startswith("plugins/")]
    naming = re.compile("|".join([*words, *modules]) or "(?!)")
    tests = [
        str(path)
        for path in sorted(Path("tests/unit").rglob("test_*.py"))
        if str(path) in names or naming.search(path.read_text(encoding="utf-8")) or path.stem == "test_messages"
    ]
    argv = ("python", "-B", "tests/unit", "-q", *tests)
    run(job, core_environment(NEWEST), *argv, cwd=stage(job.name), tree=job.name, FUZZ_EXAMPLES="20")


@session("coverage")
def coverage(job: nox.Session) -> None:
    """Which lines and branches of plugins/ the unit and the integration tests run together."""
    environment = ENVIRONMENTS["coverage"]
    plugins = stage(job.name) / "plugins"
    data = BUILD / "coverage-data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    settings = data / "settings"
    settings.write_text(COVERAGE.format(data=data, plugins=plugins), encoding="utf-8")
    # Every Python of the environment measures itself, Ansible's forks among them.
    (site,) = environment.path.glob("lib/python3*/site-packages")
    hook = f"os.environ.setdefault('COVERAGE_PROCESS_START', {str(settings)!r})"
    start = f"import os; {hook}; import coverage; coverage.process_startup()\n"
    (site / "netapi_auth_measured.pth").write_text(start, encoding="utf-8")
    unit_tests(job, environment)
    ansible_test(job, environment, "integration", "--exclude", "providers", staged=True)
    result = data / "result.json"
    for command, *argv in (
        ("combine", "--quiet", str(data)),
        ("report", "--show-missing", "--skip-covered"),
        ("json", "--quiet", "-o", str(result)),
    ):
        # What stands after a path is one.
        run(job, environment, "coverage", command, f"--rcfile={settings}", *argv, cwd=plugins.parent)
        # Left are those of processes that a test has killed while they wrote.
        for broken in data.glob("measured.*"):
            broken.unlink()
    totals = json.loads(result.read_text(encoding="utf-8"))["totals"]
    for kind, least, all_of_it in (("lines", 98, "num_statements"), ("branches", 97, "num_branches")):
        percent = 100 * totals[f"covered_{kind}"] / totals[all_of_it]
        print(f"{kind}: {percent:.1f} % (at least {least} %)")
        if percent < least:
            job.error(f"too few {kind} are tested: the report names them")
