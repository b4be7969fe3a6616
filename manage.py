#!/usr/bin/env python
"""The product's command line."""

import os
import sys


def main() -> None:
    """Run a management command with the servers it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from config.local.command import execute

    execute(sys.argv)


if __name__ == "__main__":
    main()
