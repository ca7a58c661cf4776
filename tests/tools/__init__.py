"""The workshop: what `make` runs, as `python -m tests.tools.<name>`. What noxfile.py imports needs no library."""
