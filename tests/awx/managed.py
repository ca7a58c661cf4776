# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types that AWX brings along. Those that no test fills have no fields here."""

from __future__ import annotations

from typing import Any


def _text(name: str, label: str, *, secret: bool = False, multiline: bool = False) -> dict[str, Any]:
    flags = {"secret": True} if secret else {}
    return {"id": name, "label": label, "type": "string", **flags, **({"multiline": True} if multiline else {})}


FIELDS: dict[str, list[dict[str, Any]]] = {
    "ssh": [
        _text("username", "Username"),
        _text("password", "Password", secret=True),
        {**_text("ssh_key_data", "SSH Private Key", secret=True, multiline=True), "format": "ssh_private_key"},
        _text("ssh_key_unlock", "Private Key Passphrase", secret=True),
        _text("become_method", "Privilege Escalation Method"),
        _text("become_username", "Privilege Escalation Username"),
        _text("become_password", "Privilege Escalation Password", secret=True),
    ],
    "scm": [
        _text("username", "Username"),
        _text("password", "Password", secret=True),
        {**_text("ssh_key_data", "SCM Private Key", secret=True, multiline=True), "format": "ssh_private_key"},
        _text("ssh_key_unlock", "Private Key Passphrase", secret=True),
    ],
    "vault": [_text("vault_password", "Vault Password", secret=True), _text("vault_id", "Vault Identifier")],
    "aws": [
        _text("username", "Access Key"),
        _text("password", "Secret Key", secret=True),
        _text("security_token", "STS Token", secret=True),
    ],
}

# Namespace, kind, name.
MANAGED: tuple[tuple[str, str, str], ...] = (
    ("ssh", "ssh", "Machine"),
    ("scm", "scm", "Source Control"),
    ("vault", "vault", "Vault"),
    ("net", "net", "Network"),
    ("aws", "cloud", "Amazon Web Services"),
    ("openstack", "cloud", "OpenStack"),
    ("vmware", "cloud", "VMware vCenter"),
    ("satellite6", "cloud", "Red Hat Satellite 6"),
    ("gce", "cloud", "Google Compute Engine"),
    ("azure_rm", "cloud", "Microsoft Azure Resource Manager"),
    ("rhv", "cloud", "Red Hat Virtualization"),
    ("controller", "cloud", "Red Hat Ansible Automation Platform"),
    ("terraform", "cloud", "Terraform backend configuration"),
    ("github_token", "token", "GitHub Personal Access Token"),
    ("gitlab_token", "token", "GitLab Personal Access Token"),
    ("bitbucket_dc_token", "token", "Bitbucket Data Center HTTP Access Token"),
    ("insights", "insights", "Insights"),
    ("kubernetes_bearer_token", "kubernetes", "OpenShift or Kubernetes API Bearer Token"),
    ("registry", "registry", "Container Registry"),
    ("galaxy_api_token", "galaxy", "Ansible Galaxy/Automation Hub API Token"),
    ("gpg_public_key", "cryptography", "GPG Public Key"),
    ("aim", "external", "CyberArk Central Credential Provider Lookup"),
    ("aws_secretsmanager_credential", "external", "AWS Secrets Manager lookup"),
    ("azure_kv", "external", "Microsoft Azure Key Vault"),
    ("centrify_vault_kv", "external", "Centrify Vault Credential Provider Lookup"),
    ("conjur", "external", "CyberArk Conjur Secrets Manager Lookup"),
    ("hashivault_kv", "external", "HashiCorp Vault Secret Lookup"),
    ("hashivault_ssh", "external", "HashiCorp Vault Signed SSH"),
    ("thycotic_dsv", "external", "Thycotic DevOps Secrets Vault"),
    ("thycotic_tss", "external", "Thycotic Secret Server"),
    ("github_app_lookup", "external", "GitHub App Installation Access Token Lookup"),
)
