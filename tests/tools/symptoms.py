# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cause and fix of what one sees without a failure, for the guide: warnings, waits, and faults of the cache.

A key is a part of the sentence, short enough to outlive a change of its other words; the first that fits counts. The
guide has them in this order.
"""

from __future__ import annotations

import typing as t


class Reason(t.NamedTuple):
    """What is so, why, and what to do about it."""

    title: str
    cause: str
    fix: str


REASONS = {
    # Names and values.
    "no option's and has no effect": Reason(
        "A variable has no effect",
        "The name of a variable differs from that of an option by a letter or two, so nothing reads it.",
        "Correct the name. A variable that is meant for something else can keep it: this is a warning alone.",
    ),
    "the keyword environment sets": Reason(
        "The keyword environment does not set it",
        "``environment:`` sets variables for the process on the managed host. Tokens are made on the controller, "
        "where it sets nothing.",
        "Export the variable before ``ansible-playbook`` starts, or give the option in the task or as a variable.",
    ),
    "It is used as it is": Reason(
        "A value has quotes or blanks around it",
        "A secret or an id was copied with a blank or with quotes around it. One line break at the end of a value is "
        "taken away by itself; this is not.",
        "Copy the value again, or take the quotes out of the file or the variable.",
    ),
    "a number without quotes": Reason(
        "A secret is a number",
        "YAML reads a value of digits alone as a number, and a zero in front as octal.",
        'Put the value in quotes. From the prompt use ``-e \'{"name": "0123"}\'``.',
    ),
    "form or the checksum of a NetBird personal access token": Reason(
        "A personal access token was not copied whole",
        "A personal access token of NetBird ends with a checksum, and this one does not fit: a character is missing, "
        "too many, or another. It is sent all the same.",
        "Copy it again, whole, from where it was shown. NetBird shows it once: if it is gone, create another.",
    ),
    "is a personal access token. Use pat": Reason(
        "A personal access token stands in token",
        "NetBird takes personal access tokens with another scheme, which follows the value. It was sent rightly.",
        "Rename the option to ``pat``, or the variable to ``NB_PAT``.",
    ),
    "does not begin with nbp_": Reason(
        "Something else stands in pat",
        "``pat`` holds something that is no personal access token, and is sent as ``Bearer``.",
        "Give a token of an identity provider as ``token``, and a personal access token as ``pat``.",
    ),
    "names a file that others can read": Reason(
        "The credentials file can be read by others",
        "The file with the credential can be read by other users of the controller.",
        "Run ``chmod 600`` on it.",
    ),
    "is not used:": Reason(
        "Half of a credential is not used",
        "An option was given for one method, and its other half was not. A source that counts less has a whole "
        "credential of another method, which is used.",
        "Give both halves in one place, or remove the one that is there.",
    ),
    "says another address": Reason(
        "A secret is used with another endpoint",
        "One place holds the secret and an endpoint, and another place says another endpoint, which is used. So the "
        "secret may go to a provider that it is not for.",
        "Keep id, secret and endpoint of an account in one place, and take the other endpoint away.",
    ),
    "but token_url, from": Reason(
        "Two environments of NetFoundry are named",
        "``environment`` and ``token_url`` name different environments of NetFoundry, and the address counts.",
        "Leave one of them out.",
    ),
    "shorter than eight characters": Reason(
        "A secret is short",
        "So short a secret stands in many harmless words, so it is not replaced in what is shown, lest those become "
        "unreadable.",
        "Use a longer secret. Until then keep logs of that play to yourself.",
    ),
    "would write the token to its store in clear text": Reason(
        "No fact is set",
        "Up to ansible-core 2.20 facts of a host go to the fact cache, which is a file or a database here.",
        "Register the result, or use the role ``auth_headers``. ``set_facts: false`` ends the warning.",
    ),
    # Tokens.
    "lives only": Reason(
        "A given token is about to end",
        "The token that was given ends soon, and nothing here can renew a given token.",
        "Give a later token, or the credential that tokens are made from.",
    ),
    "The clock of this controller": Reason(
        "The clocks differ",
        "The answer of the provider has another time than this machine. The life of tokens is counted right all the "
        "same, but signed requests and services that look at the clock may refuse.",
        "Set the clock by NTP (``timedatectl``); in a virtual machine, that of its host.",
    ),
    "may end with this job": Reason(
        "The next refresh token may be lost",
        "The provider gives each refresh token for one use. Its successor is in a place that goes with the job: a "
        "container, or the private directory of a job of ansible-runner or AWX.",
        "Set ``cache`` to a Redis address, or mount a volume that is kept. If a run was lost already, sign in again.",
    ),
    "where the provider replaces the refresh token": Reason(
        "The next refresh token is not kept",
        "``cache`` is ``run`` or ``none``, in which no successor of the refresh token outlives the run.",
        "Set ``cache: user``, or a Redis address where jobs run on several nodes.",
    ),
    "another process is asking for this token": Reason(
        "A task waits for another process",
        "Another host's task, or another play of the same user, makes a token with this credential, and this task "
        "takes that one rather than a second. It may be one that died while it held a lock in Redis.",
        "Wait. If it is so at each run, look at why the provider is slow.",
    ),
    "Try 2 follows": Reason(
        "A request is tried again",
        "The service was out of reach, or answered 429, 500, 502, 503 or 504, so the request is sent again, up to "
        "``retries`` times. A wait of five seconds or more is a warning, a shorter one a remark with ``-v``. Where "
        "there was no answer, the sentence begins with what broke, as under `Services`_.",
        "Nothing, if the play goes on. If it comes often, ask the service; ``retries: 0`` does without.",
    ),
    "does not know the authority": Reason(
        "The certificate of a service is not trusted",
        "The authority that signed the certificate, such as a company's own, is not among those that the host of the "
        "request trusts. What ``ca_path`` of the provider names counts where the controller makes the request, "
        "without ``become``; ``ca_path`` of the task counts everywhere, and comes first.",
        "Set ``ca_path`` to the authority's certificate where the warning says.",
    ),
    "answered 401 to two tokens": Reason(
        "Two tokens in a row are refused",
        "A new token was refused like the one before it, so the token is not at fault: the credential may not do that, "
        "or the address is one that answers 401 to everybody.",
        "Compare the account in the warning with the one that you mean, and its rights at that path.",
    ),
    "netapi.auth.uri: NetBird answered 401": Reason(
        "A request was refused",
        "The service refused the request with the credential that the warning names; see `The status was 401 or 403`_.",
        "Look at whether that is the account that you mean, and where each of its options comes from.",
    ),
    "sends the permanent credential": Reason(
        "The permanent credential leaves the controller",
        "The header is no token that ends, but the credential itself, and the managed host makes the request with it.",
        "Add ``delegate_to: localhost`` to the task, so that the credential stays on the controller.",
    ),
    # The cache.
    "It may keep the successor": Reason(
        "A cache may have the refresh token that is good",
        "A cache that was used before does not answer, and the refresh token that is given may be spent.",
        "Mend the cache and run again. If it is gone for good, sign in again and set the other ``refresh_token``.",
    ),
    "is open to others": Reason(
        "The cache directory is open to others",
        "The directory of tokens has rights for its group or for everybody, so it is not used.",
        "Run ``chmod 700`` on the directory that the sentence names. If others could write there, remove it instead.",
    ),
    "belongs to another user": Reason(
        "The cache directory is that of another user",
        "Ansible has run there as somebody else, often as root by ``sudo``.",
        "Remove the directory, or run Ansible as one user.",
    ),
    "Make room, or correct the rights there": Reason(
        "The cache directory cannot be written",
        "The directory cannot be written, read or made: the disk is full, the file system is read-only, or the home "
        "directory is not that of the user. The words in brackets are the system's.",
        "Mend that, or set ``XDG_CACHE_HOME`` to a directory that can be written, or ``cache: run``.",
    ),
    "There is no home directory": Reason(
        "There is no home directory",
        "The user of the process has no home directory, as in some containers, so ``cache: user`` has no place.",
        "Set ``HOME`` or ``XDG_CACHE_HOME``, or set ``cache`` to a Redis address.",
    ),
    "cannot be reached": Reason(
        "Redis cannot be reached",
        "Nothing answers at the address in ``cache``: the server is down, a firewall is between, or the name is wrong.",
        "Try ``redis-cli -u`` with the address from the controller; in AWX from the image of the job.",
    ),
    "begin the address with redis": Reason(
        "Redis speaks TLS, or does not",
        "The port in ``cache`` speaks TLS and the address says ``redis://``, or the other way round.",
        "Correct the port, or begin the address with ``rediss://`` for TLS and with ``redis://`` without.",
    ),
    "did not answer within": Reason(
        "Redis does not answer",
        "The server took the connection, or was never heard of, and said nothing in that time.",
        "Look at the load of the server, and at what is between.",
    ),
    "does not answer as a Redis does": Reason(
        "Something answers that is no Redis",
        "Something else listens at that address, or an option after the question mark is not understood.",
        "Check the port, and each option behind ``?`` in the address.",
    ),
    "for each lock": Reason(
        "Redis does not release a lock",
        "Redis refused to release a lock, most often because its user lacks the command. A lock that is not released "
        "ends by itself, and until then others wait.",
        "Give the user the right that the sentence names, with ``ACL SETUSER``.",
    ),
    "does not let its user do that": Reason(
        "The user of Redis lacks a right",
        "The user of Redis lacks a command, or the keys of this collection.",
        "Give it what the sentence names, with ``ACL SETUSER``. :ref:`The guide to caches "
        "<ansible_collections.netapi.auth.docsite.guide_caches>` lists all that is needed.",
    ),
    "is out of memory": Reason(
        "Redis is out of memory",
        "Redis has reached ``maxmemory`` and its policy evicts nothing.",
        "Raise ``maxmemory``, or set a policy such as ``volatile-ttl``: entries have an end of their own.",
    ),
    "refuses the user or the password": Reason(
        "Redis refuses the user or the password",
        "User or password in the address are wrong, or none is given where one is wanted.",
        "Correct the address. ``@``, ``:``, ``/`` and ``#`` in a password are written as percent codes.",
    ),
    "refuses to keep tokens": Reason(
        "Redis keeps nothing",
        "The server is a read-only replica, is loading, or does not allow to write.",
        "Give the address of the primary server.",
    ),
    "does not keep what it is given": Reason(
        "Redis loses what it is given",
        "What was written was gone a moment later: Redis evicts keys at once, or another program empties it.",
        "Give Redis more memory or another policy, or a database of its own.",
    ),
    "another process uses refresh_token": Reason(
        "Another process holds the refresh token",
        "Another run holds the refresh token. Both of them sending it could end the sign-in.",
        "Run again when the other one is done. Give many jobs one Redis as ``cache``.",
    ),
    "there is no way to use refresh_token": Reason(
        "The refresh token cannot be used",
        "The method of the credential has no request for a refresh token.",
        "Choose another method.",
    ),
    "Whether a token of this credential is cached": Reason(
        "A cache does not say what it has",
        "``state: absent`` asks each cache, and one did not answer.",
        "A warning before it says which cache and why. Mend that, and run the task again.",
    ),
    "The cached token could not be removed": Reason(
        "A cache does not forget",
        "``state: absent`` reached the cache, and the cache did not remove the token.",
        "A warning before it says why. Mend that, and run the task again; the token ends by itself too.",
    ),
}


def part_of(text: str) -> str:
    """The key of a sentence; empty where nobody has written its cause."""
    return next((part for part in REASONS if part in text), "")
