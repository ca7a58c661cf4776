# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples that store a renewed token by collections of others, against stand-ins: each for four nights."""

from __future__ import annotations

import dataclasses
import time
import typing as t
from collections.abc import Callable
from pathlib import Path

import yaml

from ansible_collections.netapi.auth.tests.integration.targets.stores import cluster, vault
from ansible_collections.netapi.auth.tests.integration.targets.stores.cluster import Cluster
from ansible_collections.netapi.auth.tests.integration.targets.stores.vault import Vault
from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import shown

DAY = 86400.0
OWNER = "service-1"
PLACE = "netbird/nightly"
RENEW = "Renew it when it is due"
STORE = "Store id and token in one step"


@dataclasses.dataclass
class Nights:
    """A token that is due, and the runs that renew it.

    :param name: of the tokens.
    :param stored: what the store holds: the token, and its id.
    """

    sandbox: Sandbox
    ansible: Ansible
    env: dict[str, str]
    name: str
    stored: Callable[[], tuple[str, str]]

    def has(self, id: str, *, left: float = 5.0) -> str:
        now = time.time()
        pat = make_pat(id)
        self.sandbox.add_account(NetBirdUser(pat, OWNER, is_service_user=True))
        self.sandbox.add_account(NetBirdPat(id, OWNER, self.name, pat, now - (85 - left) * DAY, now + left * DAY, None))
        return pat

    def age(self, days: float, **changes: t.Any) -> None:
        """So many days later nobody has done anything."""
        for one in self.sandbox.state.store.all(NetBirdPat):
            self.sandbox.add_account(dataclasses.replace(one, created_at=one.created_at - days * DAY, **changes))

    @property
    def pats(self) -> dict[str, str]:
        return {one.id: one.pat for one in self.sandbox.state.store.all(NetBirdPat) if one.name == self.name}

    def run(self, succeeds: bool = True) -> Run:
        """A night. What is stored works after it, and no secret is shown."""
        book = f"renew_{self.name}.yml"
        path = self.ansible.home / book
        path.write_text(guide.files(guide.RENEWING)[book], encoding="utf-8")
        stores: dict[str, str] = yaml.safe_load(Path("../../integration_config.yml").read_text(encoding="utf-8"))
        python = f"{stores['stores']}/bin/python"
        hosts = inventory(self.ansible.home, {"localhost": {}}, ansible_python_interpreter=python)
        paths = f"{self.ansible.environment['ANSIBLE_COLLECTIONS_PATH']}:{stores['stores']}"
        env = {**addresses(self.sandbox), **self.env, "ANSIBLE_COLLECTIONS_PATH": paths}
        run = self.ansible.play(str(path), "-i", hosts, "-vvv", "--diff", env=env, succeeds=succeeds)
        pat, id = self.stored()
        assert self.pats[id] == pat
        assert not shown([*self.pats.values(), vault.TOKEN, cluster.TOKEN], [run.output.encode()])
        return run

    def minted(self, before: t.Collection[str]) -> str:
        (new,) = set(self.pats) - set(before)
        return new


def test_p2_p4_a_vault_is_written_only_where_nobody_has_stored_meanwhile(sandbox: Sandbox, ansible: Ansible) -> None:
    with Vault() as store:

        def stored() -> tuple[str, str]:
            last = store.versions[PLACE][-1]
            return last["netbird_auth_pat"], last["netbird_pat_id"]

        def others() -> None:
            store.versions[PLACE].append(secret("others", nights.has("others", left=85.0)))

        def secret(id: str, pat: str) -> dict[str, str]:
            return {"netbird_auth_pat": pat, "netbird_pat_id": id, "owner": "operations"}

        env = {"VAULT_ADDR": store.url, "VAULT_TOKEN": vault.TOKEN}
        nights = Nights(sandbox, ansible, env, "vault", stored)
        store.versions[PLACE] = [secret("first", nights.has("first"))]
        # A token that may only read is told apart before anything is minted.
        store.may = ["read"]
        refused = nights.run(succeeds=False)
        assert refused.of("Make sure that it may be written").status == "failed"
        assert (list(nights.pats), store.writes) == (["first"], [])
        store.may = ["create", "read", "update"]
        assert nights.run().of(RENEW).status == "ok"
        second = nights.minted(["first"])
        assert store.versions[PLACE][1:] == [secret(second, nights.pats[second])]
        # The next night finds it good.
        assert nights.run().of(RENEW).result["changed"] is False
        assert (len(nights.pats), store.writes) == (2, [200])
        # It is due again, and another run stores its own one after this one has read the store.
        nights.age(85, expires_at=time.time() + 5 * DAY)
        store.meanwhile = others
        failed = nights.run(succeeds=False)
        assert failed.of(STORE).status == "failed"
        assert (stored()[1], store.writes) == ("others", [200, 400])
        lost = nights.minted(["first", second, "others"])
        # The next night goes on with that one, and names the one that nobody stored.
        later = nights.run()
        assert (later.of(RENEW).result["id"], later.of(RENEW).result["changed"]) == ("others", False)
        assert later.says(f"Newer than the stored token are, of its name: {lost}")
        assert store.writes == [200, 400]


def test_p2_p4_a_secret_of_kubernetes_is_changed_only_as_it_was_read(sandbox: Sandbox, ansible: Ansible) -> None:
    with Cluster({"other": "data"}) as store:

        def stored() -> tuple[str, str]:
            return store.data["NB_PAT"], store.data["NETBIRD_PAT_ID"]

        env = {"K8S_AUTH_HOST": store.url, "K8S_AUTH_API_KEY": cluster.TOKEN}
        nights = Nights(sandbox, ansible, env, "kubernetes", stored)
        store.data |= {"NB_PAT": nights.has("first"), "NETBIRD_PAT_ID": "first"}
        # Who may only read is told apart before anything is minted.
        store.may_patch = False
        refused = nights.run(succeeds=False)
        assert refused.of("Make sure that it may be changed").status == "failed"
        assert (list(nights.pats), store.writes) == (["first"], [])
        store.may_patch = True
        # Somebody changes the Secret after this night has read it.
        store.meanwhile = store.label
        failed = nights.run(succeeds=False)
        assert failed.of(STORE).status == "failed"
        assert set(store.writes) == {409}
        lost = nights.minted(["first"])
        assert stored()[1] == "first"
        # The next night mints again, names the one that nobody stored, and stores.
        mended = nights.run()
        assert mended.says(f"Newer than the stored token are, of its name: {lost}")
        second = nights.minted(["first", lost])
        assert (stored()[1], store.writes[-1], store.data["other"]) == (second, 200, "data")
        # What was replaced is removed by a later night, and so is what nobody stored.
        number = len(store.writes)
        assert nights.run().of(RENEW).result["changed"] is False
        nights.age(9, last_used=None)
        assert sorted(nights.run().of(RENEW).result["removed"]) == sorted(["first", lost])
        assert (set(nights.pats), len(store.writes)) == ({second}, number)
