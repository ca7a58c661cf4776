# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that repeat what declarations/ says: those that are made whole, and those with parts that are made."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path
from string import Template

import jinja2
import yaml

from . import results, texts
from .checked import DeclarationError
from .declared import Method, Option, Provider, read

FIRST_TOKEN = "playbooks/first_token.yml"
# What is made in each, in its order: parts by their names, and lists of providers.
PARTS = {
    "README.md": ("plugins", "credentials"),
    "docs/docsite/rst/guide_oauth2.rst": ("results",),
    "docs/docsite/rst/guide_services.rst": ("methods", "options"),
    "meta/runtime.yml": ("groups",),
    FIRST_TOKEN: ("[]", "first_vars", "first_tasks"),
    "plugins/modules/awx_credential_types.py": ("[]", "[]"),
    "plugins/modules/doctor.py": ("[]", "seealso", "[]"),
    "plugins/modules/uri.py": ("[]", "seealso", "[]"),
    "roles/auth_headers/meta/argument_specs.yml": ("[]",),
    "roles/awx_credential_types/defaults/main.yml": ("[]",),
    "roles/awx_credential_types/meta/argument_specs.yml": ("[]", "[]"),
}
# What stands between two comments.
_PART = re.compile(r"(?P<begin>^.*generated: (?P<name>\w+).*\n)[\s\S]*?(?P<end>^.*end of generated.*$)", re.MULTILINE)
# A list of providers on one line.
_LIST = re.compile(r"\[[^]]*\](?=  # generated$)", re.MULTILINE)
# How each of them begins and ends.
_MARK = re.compile(r"^.*generated: (\w+).*$|^.*(end of generated).*$|\](  # generated)$", re.MULTILINE)
_MADE = "# Made by `make generate`"


def generated(root: Path) -> dict[str, str]:
    """Path in the collection: content, of each of them. Raises `DeclarationError`."""
    pages = {path: (root / path).read_text(encoding="utf-8") for path in PARTS}
    for path, page in pages.items():
        _check_marks(path, page)
    providers = list(read(root).values())
    found: dict[str, str] = {}
    for p in providers:
        own = _of(p, root)
        _refuse(p, own, root)
        found |= own
    found["plugins/plugin_utils/_providers/registry.py"] = _template("files").registry([p.name for p in providers])
    macros = {name: value for name, value in vars(_template("parts")).items() if not name.startswith("_")}
    others = yaml.safe_load((root / "declarations" / "shared.yml").read_text(encoding="utf-8"))["others"]
    special = {"plugins": [others], "results": [results.read(root)]}
    for path, page in pages.items():
        listed = [p for p in providers if path != FIRST_TOKEN or not p.said.get("any_api")]

        def part(match: re.Match[str], listed: list[Provider] = listed) -> str:
            return f"{match['begin']}{macros[match['name']](listed, *special.get(match['name'], []))}{match['end']}"

        def names(match: re.Match[str], listed: list[Provider] = listed) -> str:
            return texts.names([p.name for p in listed], quoted='"' in match[0])

        found[path] = _LIST.sub(names, _PART.sub(part, page))
    return found


def _refuse(p: Provider, made: dict[str, str], root: Path) -> None:
    """Raises `DeclarationError` for a file of a provider that is no Python, or would take the place of one by hand."""
    code = root / "plugins" / "plugin_utils" / "_providers" / f"{p.name}.py"
    taken = [code] if code.is_file() and "\nPROVIDER = " not in code.read_text(encoding="utf-8") else []
    for path, text in made.items():
        try:
            if path.endswith(".py"):
                compile(text, path, "exec")
        except SyntaxError:
            said = f"{path} would be no Python. Take three double quotes out of the texts."
            raise DeclarationError(f"declarations/{p.name}.yml: {said}") from None
        there = root / path
        if there.is_file() and there.suffix != ".json" and _MADE not in there.read_text(encoding="utf-8"):
            taken.append(there)
    if taken:
        said = f"{taken[0].relative_to(root)} is there, for something else. Name the provider or its plugin otherwise."
        raise DeclarationError(f"declarations/{p.name}.yml: {said}")


def _check_marks(path: str, page: str) -> None:
    """Raises `DeclarationError` unless each part of the page has its comments: all up to the next would go."""
    found = [name or end or "[]" for name, end, _list in _MARK.findall(page)]
    wanted = [mark for name in PARTS[path] for mark in ((name,) if name == "[]" else (name, "end of generated"))]
    if found != wanted:
        said = ["[...]  # generated" if mark == "[]" else f"generated: {mark}" for mark in PARTS[path]]
        raise DeclarationError(
            f"{path} must have {', '.join(said)} in this order, each but a list with `end of generated` below it. Put "
            "back the comment that is missing."
        )


def write(root: Path) -> None:
    for path, text in generated(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def _of(p: Provider, root: Path) -> dict[str, str]:
    """The files of one provider."""
    files = _template("files")
    methods = texts.listed([f"V({method.name})" for method in p.methods], "or")
    raw = (root / "declarations" / "shared.yml").read_text(encoding="utf-8")
    shared = yaml.safe_load(
        Template(raw).substitute(provider=p.name, variable=f"{p.name}_auth_timeout", methods=methods)
    )
    lookup = {"_terms": _TERMS} | {o.name: lookup_option(o) for o in p.options.values() if o.only != "task"}
    arguments = "\n".join(texts.argument(o.name, argument_of(o)) for o in p.options.values())
    return _rotation(p, shared) | {
        f"plugins/lookup/{p.plugin}.py": files.lookup(p, texts.dump(lookup_documentation(p, shared, lookup))),
        f"plugins/modules/{p.plugin}.py": files.module(
            p, texts.dump(module_documentation(p, shared)), texts.dump(shared["returns"]), arguments
        ),
        f"plugins/action/{p.plugin}.py": files.action(p),
        f"plugins/plugin_utils/_definitions/{p.plugin}.json": json.dumps(lookup, indent=1, ensure_ascii=False) + "\n",
        f"roles/auth_headers/tasks/{p.name}.yml": files.role_tasks(p),
        f"roles/auth_headers/vars/{p.name}.yml": files.role_vars(p),
        f"roles/awx_credential_types/files/{p.name}.yml": files.awx(p, texts.dump(credential_type(p))),
    }


def _rotation(p: Provider, shared: dict[str, t.Any]) -> dict[str, str]:
    """The task that makes credentials, where the provider has one."""
    if (task := p.rotation) is None:
        return {}
    options = {**task.options, **p.signing}
    arguments = "\n".join(texts.argument(o.name, argument_of(o)) for o in options.values())
    documentation = {
        "module": task.plugin,
        "short_description": task.said["title"],
        "version_added": "1.0.0",
        "author": "netapi.auth authors (@netapi)",
        "description": task.said["description"] + shared["rotation"],
        "requirements": shared["requirements"] + p.said.get("requirements", []),
        "attributes": {
            **{name: each for name, each in shared["attributes"].items() if name in ("diff_mode", "async")},
            "check_mode": {"description": task.said["check_mode"], "support": "full"},
        },
        "options": {o.name: _documented(o) for o in options.values()},
        "seealso": [{"module": f"netapi.auth.{p.plugin}"}],
    }
    own = {
        o.name: _kind(o)
        | ({"env": [{"name": n} for n in o.env]} if o.env else {})
        | ({"range": list(o.range)} if o.range else {})
        for o in task.options.values()
    }
    files = _template("files")
    return {
        f"plugins/modules/{task.plugin}.py": files.module_text(
            f"{p.name}.yml and declarations/shared.yml",
            task.plugin,
            texts.dump(documentation),
            task.said["examples"],
            texts.dump(task.said["returns"]),
            arguments,
        ),
        f"plugins/action/{task.plugin}.py": files.rotation(
            p, task, "\n".join(texts.argument(name, each, 8) for name, each in own.items())
        ),
    }


def _documented(option: Option) -> dict[str, t.Any]:
    return {"description": [*option.description, *_also(option)], **_kind(option)}


_TERMS = {
    "description": "JMESPath expressions over the result, one value each. Without a term, the token.",
    "type": "list",
    "elements": "str",
}


def lookup_option(option: Option) -> dict[str, t.Any]:
    """As the core has it, without what is empty."""
    said = {
        "description": " ".join(option.description),
        **_kind(option),
        "vars": [{"name": option.variable}] if option.variable else [],
        "env": [{"name": name} for name in option.env],
        "ini": [{"section": "netapi_auth", "key": option.name}] if option.ini else [],
    }
    return {key: each for key, each in said.items() if each not in ([], None)}


def _kind(option: Option) -> dict[str, t.Any]:
    said = {
        "type": option.type,
        "default": option.default,
        "choices": list(option.choices),
        "aliases": list(option.aliases),
        "elements": option.elements or None,
        "required": option.required or None,
    }
    return {key: each for key, each in said.items() if each not in ([], None)}


def argument_of(option: Option) -> dict[str, t.Any]:
    return _kind(option) | texts.no_log(option.name, secret=option.secret)


def lookup_documentation(p: Provider, shared: dict[str, t.Any], options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "name": p.plugin,
        **_head(p),
        "description": p.said["description"] + shared["description"],
        "requirements": shared["requirements"] + p.said.get("requirements", []),
        "options": options,
        "seealso": [{"module": f"netapi.auth.{p.plugin}"}],
    }


def _head(p: Provider) -> dict[str, t.Any]:
    return {
        "short_description": f"Get {texts.a(p.label)} token",
        "version_added": p.said.get("version_added", "1.0.0"),
        "author": "netapi.auth authors (@netapi)",
    }


def module_documentation(p: Provider, shared: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "module": p.plugin,
        **_head(p),
        "description": p.said["description"] + shared["description"] + shared["task"],
        "requirements": shared["requirements"] + p.said.get("requirements", []),
        "attributes": shared["attributes"],
        "options": {o.name: _documented(o) for o in p.options.values()},
        "seealso": [
            {"plugin": f"netapi.auth.{p.plugin}", "plugin_type": "lookup", "description": "The same as a lookup."}
        ],
    }


def _also(option: Option) -> list[str]:
    names = texts.listed([f"E({name})" for name in option.env], "or") if option.env else ""
    first = ", the first that is not empty" if len(option.env) > 1 else ""
    return [f"Also set by the environment variable {names}{first}."] if names else []


def credential_type(p: Provider) -> dict[str, t.Any]:
    """The credential type of AWX."""
    own = p.rotation.options if p.rotation else {}
    options = {o.name: o for o in (*p.options.values(), *own.values()) if o.awx}
    order = [name for name, o in options.items() if "after" not in o.awx]
    for name, option in options.items():
        if "after" in option.awx:
            order.insert(order.index(option.awx["after"]) + 1, name)
    pasted = next((name for name, option in options.items() if _is_file(option)), "")
    file = {"file": {"template": f"{{{{ {pasted} }}}}"}} if pasted else {}
    env = {options[name].env[0]: f"{{{{ {name} }}}}" for name in order}
    if pasted:
        # AWX makes the file even where the field is empty.
        env[options[pasted].env[0]] = f"{{% if {pasted} %}}{{{{ tower.filename }}}}{{% endif %}}"
    return {
        "name": f"{p.label} API",
        "description": f"Tokens for the {p.label} API, by the collection netapi.auth",
        "kind": "cloud",
        "inputs": {"fields": [_field(options[name]) for name in order]},
        "injectors": {**file, "env": env},
    }


def _is_file(option: Option) -> bool:
    return bool(option.awx.get("file"))


def _field(option: Option) -> dict[str, t.Any]:
    words = ["true", "false"] if option.type == "bool" else list(option.choices)
    return {
        "id": option.name,
        "label": option.awx["label"],
        "type": "string",
        # A file that is pasted is a secret where its path is none.
        **({"secret": True} if option.secret or _is_file(option) else {}),
        **({"multiline": True} if _is_file(option) or option.awx.get("multiline") else {}),
        **({"choices": ["", *words]} if words else {}),
        "help_text": option.awx["help"],
    }


def readme_options(whole: tuple[tuple[str, ...], ...]) -> str:
    return ", ".join(" or ".join(f"`{name}`" for name in part) for part in whole)


def readme_variables(p: Provider, whole: tuple[tuple[str, ...], ...]) -> str:
    parts = [[f"`{variable}`" for name in part for variable in p.options[name].env] for part in whole]
    return ", ".join(" or ".join(part) for part in parts)


def guide_credentials(method: Method) -> str:
    wholes = [[" or ".join(map(texts.code, part)) for part in whole] for whole in method.credentials]
    return ", or ".join(texts.listed(whole, "and") for whole in wholes)


def guide_row(option: Option) -> str:
    alias = f" (alias {', '.join(map(texts.code, option.aliases))})" if option.aliases else ""
    # The table of all services has the variables that they share.
    env = option.env[1:] if option.shared else option.env
    default = "" if option.default is None else texts.code(json.dumps(option.default).strip('"'))
    cells = [texts.code(option.name) + alias, option.type, default]
    cells += [", ".join(map(texts.code, names)) for names in (option.choices, env)]
    return texts.csv([*cells, texts.code(option.name) if option.ini else ""] if option.shared else cells)


_HELPERS = {
    "a": texts.a,
    "guide_credentials": guide_credentials,
    "guide_origin": lambda method: texts.cell(texts.rst(method.origin)),
    "guide_row": guide_row,
    "listed": texts.listed,
    "literal": texts.literal,
    "own_caches": lambda providers: [texts.code(p.options["cache"].env[0]) for p in providers],
    "readme_options": readme_options,
    "readme_variables": readme_variables,
}


def _template(name: str) -> t.Any:
    """The macros of a template. What is Ansible's in it keeps its braces."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(_HELPERS)
    return environment.get_template(f"{name}.j2").module
