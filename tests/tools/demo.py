# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: install the collection as a user would and run its first playbook against the sandbox."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import run
from .cores import ENVIRONMENTS, ROOT, Environment

PLAYBOOK = "netapi.auth.first_token"
# A grant for which nothing secret is stored: the place where it runs has a token, in a file as Kubernetes has it.
SECRETLESS = ROOT / "tests" / "tools" / "demo.yml"
# The directories that every piece must work with, and what ansible-galaxy adds.
BARE = {"meta", "plugins", "roles", "playbooks", "MANIFEST.json", "FILES.json"}


class DemoError(Exception):
    """A step failed; the text says which."""


PLAN = """make demo:
1. {first}
2. It builds the collection, and installs it into a temporary directory that it removes at the end.
3. It starts the sandbox on 127.0.0.1, which stands in for the services, and runs the playbook
   {playbook} with it: half a minute. No service and no account of yours is used."""
IS_THERE = "It uses the virtual environment in .venvs/demo, which is there."
IS_MADE = """It makes two virtual environments, once, with packages from the package index of pip: .venvs/demo with
   ansible-core and the libraries of the collection and of the sandbox, and .venvs/tools with what
   makes environments. Together 150 MB on disk, one to three minutes."""


def plan(environment: Environment) -> str:
    """What `make demo` does, for whoever waits for it."""
    made = environment.path / "made-from"
    is_there = made.exists() and made.read_text(encoding="utf-8") == environment.key
    return PLAN.format(first=IS_THERE if is_there else IS_MADE, playbook=PLAYBOOK)


def base_variables(environment: Environment, work: Path) -> dict[str, str]:
    """The caller's PATH, but no credentials and no Ansible settings of his except colours, and an empty home."""
    kept = ("TMPDIR", "TERM", "SSL_CERT_FILE", "SSL_CERT_DIR", "ANSIBLE_FORCE_COLOR")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    home = work / "home"
    home.mkdir()
    return {
        **variables,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join((str(environment.path / "bin"), os.environ.get("PATH", os.defpath))),
        "ANSIBLE_COLLECTIONS_PATH": str(work / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }


def step(argv: list[str], variables: dict[str, str], cwd: Path) -> None:
    """Show a command and run it. Raises `DemoError`."""
    print("$", shlex.join(argv), flush=True)
    code = subprocess.run(argv, cwd=cwd, env=variables, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        raise DemoError(f"{argv[0]} ended with exit code {code}")


def strip(collection: Path) -> None:
    """Leave of an installed collection only what it must work with."""
    for path in collection.iterdir():
        if path.name in BARE:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    print("left:", *sorted(path.name for path in collection.iterdir()), flush=True)


def demo(environment: Environment, tarball: Path | None = None, *, bare: bool = False) -> None:
    """The whole way from a tarball, or without one from a clone, to a token of each service. Raises `DemoError`."""
    # nox imports this file where there is no Flask.
    from ..sandbox import Sandbox
    from ..sandbox.cli import exports
    from ..sandbox.services.oauth2 import made_elsewhere

    with tempfile.TemporaryDirectory(prefix="netapi-auth-demo-") as name:
        work = Path(name)
        variables = base_variables(environment, work)
        if tarball is None:
            step(["ansible-galaxy", "collection", "build", str(ROOT), "--output-path", str(work)], variables, work)
            (tarball,) = work.glob("*.tar.gz")
        collections = work / "collections"
        step(["ansible-galaxy", "collection", "install", str(tarball), "-p", str(collections)], variables, work)
        if bare:
            strip(collections / "ansible_collections" / "netapi" / "auth")
        with Sandbox() as sandbox:
            (work / "token").write_text(made_elsewhere("oa-federated-1", sandbox.url), encoding="utf-8")
            place = {
                "NETAPI_OAUTH2_ISSUER": f"{sandbox.url}/idp",
                "NETAPI_OAUTH2_API_URL": sandbox.url,
                "NETAPI_OAUTH2_CLIENT_ASSERTION": json.dumps({"file": str(work / "token")}),
            }
            step(["ansible-playbook", str(SECRETLESS)], {**variables, **place}, work)
            step(["ansible-playbook", PLAYBOOK], {**variables, **exports(sandbox.url)}, work)


def exit_status(name: str, work: Callable[[], None]) -> int:
    """Do the work of a target; its exit status. A `DemoError` is one sentence for whoever started it."""

    def stop(*_: object) -> None:
        # `Popen` knows nothing yet of what it is starting.
        run.end_all()
        sys.exit(128 + signal.SIGTERM)

    # What it has started and its temporary directory end with it, as they do at Ctrl-C.
    signal.signal(signal.SIGTERM, stop)
    try:
        work()
    except DemoError as error:
        print(f"make {name}: {error}", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarball", type=Path, help="to install, instead of one built from the tree")
    parser.add_argument("--bare", action="store_true", help=f"with only {', '.join(sorted(BARE))}")
    parser.add_argument("--plan", action="store_true", help="say what it would do, and do nothing")
    options = parser.parse_args()
    if options.plan:
        print(plan(ENVIRONMENTS["demo"]), flush=True)
        return 0
    return exit_status("demo", lambda: demo(ENVIRONMENTS["demo"], options.tarball, bare=options.bare))


if __name__ == "__main__":
    sys.exit(main())
