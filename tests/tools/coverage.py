# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make coverage`: which lines and branches of plugins/ the unit and the integration tests run together."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from .ansible_test import environment_for
from .check import facts
from .cores import NEWEST, coverage_environment, oidc_provider_environment, openid_environment
from .interpreters import NoInterpreterError, choose, find_all
from .jobs import JobError, command, exit_status
from .stage import BUILD, stage, target

NAME = "coverage"
DATA = BUILD / "coverage-data"
# Per cent.
WANTED = {"lines": 95, "branches": 90}
# The modules hold nothing but documentation: their actions run.
SETTINGS = """[run]
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
# Every Python of the environment measures itself, Ansible's forks among them.
HOOK = (
    "import os; os.environ.setdefault('COVERAGE_PROCESS_START', {settings!r}); "
    "import coverage; coverage.process_startup()\n"
)


def prepare() -> Path:
    """A tree, an empty directory for the data, and Pythons that write to it; the settings' path."""
    plugins = stage(NAME) / "plugins"
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    settings = DATA / "settings"
    settings.write_text(SETTINGS.format(data=DATA, plugins=plugins), encoding="utf-8")
    (site,) = coverage_environment().path.glob("lib/python3*/site-packages")
    (site / "netapi_auth_measured.pth").write_text(HOOK.format(settings=str(settings)), encoding="utf-8")
    return settings


def measure(settings: Path) -> dict[str, float]:
    """Run both kinds of tests and combine what they ran: per cent of lines and of branches."""
    environment = coverage_environment()
    variables = environment_for(environment, NAME)
    python = choose(find_all(), NEWEST.pythons).version
    with facts(target(NAME)):
        for kind in ("units", "integration"):
            argv = [str(environment.path / "bin" / "ansible-test"), kind, "--local", "--python", python]
            command([*argv, "--color", "no"], target(NAME), variables)(sys.stdout)
    result = DATA / "result.json"
    for name, *arguments in (
        ("combine", "--quiet", str(DATA)),
        ("report", "--show-missing", "--skip-covered"),
        ("json", "--quiet", "-o", str(result)),
    ):
        argv = [str(environment.python), "-m", "coverage", name, f"--rcfile={settings}", *arguments]
        command(argv, target(NAME), variables)(sys.stdout)
        # Left are those of processes that a test has killed while they wrote.
        for broken in DATA.glob("measured.*"):
            broken.unlink()
    totals = json.loads(result.read_text(encoding="utf-8"))["totals"]
    return {
        "lines": 100 * totals["covered_lines"] / totals["num_statements"],
        "branches": 100 * totals["covered_branches"] / totals["num_branches"],
    }


def work() -> None:
    """Measure and say both figures. Raises `JobError` where a test fails or a figure is too low."""
    for environment in (coverage_environment(), openid_environment(), oidc_provider_environment()):
        environment.build(sys.stdout)
    found = measure(prepare())
    for name, percent in found.items():
        print(f"{name}: {percent:.1f} % (at least {WANTED[name]} %)")
    low = [name for name, percent in found.items() if percent < WANTED[name]]
    if low:
        raise JobError(f"too few {' and '.join(low)} are tested: the report names them")


def main() -> int:
    """Measure; 0 when neither figure is too low."""
    return exit_status("coverage", work, JobError, NoInterpreterError, subprocess.CalledProcessError)


if __name__ == "__main__":
    sys.exit(main())
