# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the doctor finds: findings, checks, and a provider's report. Private to this collection."""

from __future__ import annotations

import enum
import typing as t
from collections.abc import Sequence

from .._value import Value


class Status(enum.IntEnum):
    """How a check ended; the worst one last, of those that count for a provider."""

    SKIPPED = 0
    OK = 1
    WARNING = 2
    UNKNOWN = 3
    FAILED = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class Finding(Value):
    """What is wrong, or what is good.

    :param msg: sentences, the first of which says what it is.
    :param code: a name of it that does not change; empty for what is good.
    :param option: the option at fault; empty for none.
    """

    status: Status
    msg: str
    code: str = ""
    option: str = ""


class Check(Value):
    """One check.

    :param reason: why it was skipped; empty where it was made.
    """

    name: str
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def status(self) -> Status:
        return max((finding.status for finding in self.findings), default=Status.SKIPPED)

    @property
    def msg(self) -> str:
        return " ".join(finding.msg for finding in self.findings)

    def result(self) -> dict[str, t.Any]:
        return {"check": self.name, "status": self.status.word, "msg": self.msg, "reason": self.reason}


class Report(Value):
    """One provider's report.

    :param msg: the first sentence.
    :param source: where the option at fault came from; empty where nothing has set it.
    """

    provider: str
    status: Status
    code: str
    msg: str
    option: str
    source: str
    checks: tuple[Check, ...]

    @property
    def line(self) -> str:
        return f"{self.provider}: {self.status.word}: {self.msg}"

    @property
    def lines(self) -> list[str]:
        """The line of the provider, then its checks: the good ones in one line."""
        good = [check.name for check in self.checks if check.status is Status.OK]
        skipped = [f"{check.name} ({check.reason})" for check in self.checks if check.reason]
        lines = [self.line]
        if self.status is not Status.OK:
            lines += [f"  {finding.msg}" for finding in self._described]
        for check in self.checks:
            lines += [
                f"  {check.name}: {finding.status.word}: {finding.msg} [{finding.code}]"
                for finding in check.findings
                if finding.status is not Status.OK
            ]
            if check.status is Status.OK and check.name == self._told:
                lines.append(f"  {check.msg}")
        lines += [f"  ok: {', '.join(good)}"] if good else []
        return [*lines, *([f"  skipped: {', '.join(skipped)}"] if skipped else [])]

    @property
    def _told(self) -> str:
        """The good check that tells one account from another: who it is, or where that is not known, who answered."""
        is_known = any(check.name == "identity" and check.status is Status.OK for check in self.checks)
        return "identity" if is_known else "connection"

    @property
    def _described(self) -> list[Finding]:
        """What tells the given token from another."""
        found = (finding for check in self.checks for finding in check.findings)
        return [finding for finding in found if finding.status is Status.OK and finding.option]

    def result(self) -> dict[str, t.Any]:
        return {
            "provider": self.provider,
            "status": self.status.word,
            "code": self.code,
            "msg": self.msg,
            "option": self.option,
            "source": self.source,
            "checks": [check.result() for check in self.checks],
        }


def is_failure(reports: Sequence[Report], *, strict: bool) -> bool:
    worst = max((report.status for report in reports), default=Status.OK)
    return worst >= (Status.WARNING if strict else Status.UNKNOWN)
