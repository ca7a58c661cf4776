"""Running real playbooks from pytest: for those integration targets that count, compare or search."""
