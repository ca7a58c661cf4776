"""The services, one in each file of this folder: its accounts, its answers, the environment that leads to it."""
