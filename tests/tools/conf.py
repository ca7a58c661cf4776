"""Settings of Sphinx for the documentation site.

Without intersphinx nothing is fetched, so the labels of Ansible's own pages lead nowhere: their text stands there
alone. Every other label has to be found.
"""

project = "netapi.auth"
title = html_short_title = "netapi.auth"
copyright = "the netapi.auth authors"
extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_show_sphinx = html_copy_source = html_use_index = False
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
default_role = "any"
nitpick_ignore_regex = [
    ("std:ref", r"ansible_collections\.ansible\.builtin\..*"),
    ("std:ref", "action_plugins|ansible_configuration_settings|common_return_values"),
]
