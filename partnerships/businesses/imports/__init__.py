"""Files into the registry."""

# Two imports of any kind wait for each other instead of making the same rows twice: the name of their lock.
LOCK = "businesses.import"
