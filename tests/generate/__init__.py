"""`make generate`: everything that repeats what declarations/ says. It needs what ansible-core needs."""
