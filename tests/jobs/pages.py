"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

MADE_BY_US = {"Job.kind"}  # no person types it
