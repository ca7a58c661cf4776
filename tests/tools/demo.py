# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: install the collection as a user would and run its first playbook against the sandbox."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .cores import ENVIRONMENTS, ROOT, Environment

PLAYBOOK = "netapi.auth.first_token"
# The directories that every piece must work with, and what ansible-galaxy adds.
BARE = {"meta", "plugins", "roles", "playbooks", "extensions", "MANIFEST.json", "FILES.json"}
START_SECONDS = 60
STOP_SECONDS = 30


class DemoError(Exception):
    """A step failed; the text says which."""


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


def build_tarball(environment: Environment, source: Path, output: Path) -> Path:
    """Build the collection in `source`. Raises `DemoError`."""
    with tempfile.TemporaryDirectory(prefix="netapi-auth-build-") as name:
        work = Path(name)
        argv = ["ansible-galaxy", "collection", "build", str(source), "--output-path", str(work)]
        step(argv, base_variables(environment, work), work)
        tarballs = sorted(work.glob("netapi-auth-*.tar.gz"))
        if len(tarballs) != 1:
            raise DemoError(f"ansible-galaxy built {len(tarballs)} tarballs instead of one")
        output.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(tarballs[0], output))


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


def exports(text: str) -> dict[str, str]:
    """Read the sandbox's `export NAME=value` lines."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = shlex.split(line)
        if len(words) == 2 and words[0] == "export":
            name, _equals, value = words[1].partition("=")
            found[name] = value
    return found


@contextlib.contextmanager
def sandbox(python: Path, work: Path) -> Iterator[dict[str, str]]:
    """A running sandbox; gives what it exports. Raises `DemoError`."""
    ready = work / "ready"
    said = work / "exports"
    argv = [str(python), "-m", "sandbox", "--port", "0", "--ready-file", str(ready)]
    with said.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(argv, cwd=ROOT / "tests", stdin=subprocess.DEVNULL, stdout=output)
    try:
        end = time.monotonic() + START_SECONDS
        while not (ready.exists() and exports(said.read_text(encoding="utf-8"))):
            if server.poll() is not None:
                raise DemoError(f"the sandbox ended with exit code {server.returncode}")
            if time.monotonic() > end:
                raise DemoError(f"the sandbox was not ready after {START_SECONDS} seconds")
            time.sleep(0.1)
        yield exports(said.read_text(encoding="utf-8"))
    finally:
        stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: asked first, then killed."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def demo(environment: Environment, tarball: Path | None = None, *, bare: bool = False) -> None:
    """The whole way from a tarball, or without one from a clone, to a token of each service. Raises `DemoError`."""
    with tempfile.TemporaryDirectory(prefix="netapi-auth-demo-") as name:
        work = Path(name)
        variables = base_variables(environment, work)
        tarball = tarball or build_tarball(environment, ROOT, work)
        collections = work / "collections"
        step(["ansible-galaxy", "collection", "install", str(tarball), "-p", str(collections)], variables, work)
        if bare:
            strip(collections / "ansible_collections" / "netapi" / "auth")
        with sandbox(environment.python, work) as credentials:
            step(["ansible-playbook", PLAYBOOK], {**variables, **credentials}, work)


def serve(environment: Environment, port: str) -> None:
    """Become the sandbox, in the foreground until Ctrl-C."""
    os.chdir(ROOT / "tests")
    os.execv(environment.python, [str(environment.python), "-m", "sandbox", "--port", port])


def exit_status(name: str, work: Callable[[], None], *errors: type[Exception]) -> int:
    """Do the work of a target; its exit status. Each of the errors is one sentence for whoever started it."""
    try:
        work()
    except errors as error:
        print(f"make {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def main() -> int:
    """Run the demonstration, or the sandbox by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("demo", "sandbox"))
    parser.add_argument("--port", default="0", help="of the sandbox by hand; 0: any")
    parser.add_argument("--tarball", type=Path, help="to install, instead of one built from the tree")
    parser.add_argument("--bare", action="store_true", help=f"with only {', '.join(sorted(BARE))}")
    options = parser.parse_args()
    environment = ENVIRONMENTS["demo"]

    def work() -> None:
        if options.what == "sandbox":
            serve(environment, options.port)
        demo(environment, options.tarball, bare=options.bare)

    return exit_status(options.what, work, DemoError)


if __name__ == "__main__":
    sys.exit(main())
