"""What `make run` does before it serves: migrate, load the demonstration once, collect the static files.

It runs as a process of its own, so that the supervisor never loads Django.
"""

import hashlib
import os
import sys
import traceback
from pathlib import Path


def main() -> int:
    """Prepare everything; on failure the last line says in one sentence what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    try:
        _prepare()
    except Exception as error:
        from .command import sentence

        traceback.print_exc()
        print(f"error: {sentence(error)}", flush=True)
        return 1
    return 0


def _prepare() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    refuse_older_data()
    print("Bringing the database up to date", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMO and "seed_demo" in get_commands():
        print("Looking after the demonstration", flush=True)
        call_command("seed_demo", if_empty=True)
    _collect(Path(settings.BASE_DIR), Path(settings.STATIC_ROOT))
    if os.environ.get("EMAIL_URL"):  # else our own sink, which starts later
        _ask_the_relay()


def _ask_the_relay() -> None:
    """Say it when there is no mail relay at the named address, or it refuses us. That stops no start."""
    from django.conf import settings

    from core.mail.outbox import watching

    settings.EMAIL_TIMEOUT = min(settings.EMAIL_TIMEOUT, 3)
    if words := watching.look():
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        print(f"Warning: the mail relay {where} can't be used: {words} Mail waits until it can.", flush=True)


def refuse_older_data() -> None:
    """Say it in one sentence when the data is of a version whose migrations are not those of this one.

    Raises:
        LocalError: a migration of ours was carried out that this version does not have.
    """
    from django.apps import apps
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from .errors import LocalError

    loader = MigrationLoader(connection)
    ours = {
        each.label
        for each in apps.get_app_configs()
        if Path(each.path).is_relative_to(settings.BASE_DIR) and "site-packages" not in each.path
    }
    unknown = sorted(
        key for key in loader.applied_migrations if key[0] in ours and key not in loader.disk_migrations
    )
    if unknown:
        app, name = unknown[0]
        raise LocalError(
            f"The data was made by another version of the product and can't be carried over: {app}.{name} is "
            f"not known here. Throw it away with `make demo-reset`, or name an empty one in DATABASE_URL."
        )


def _collect(base: Path, target: Path) -> None:
    """Collect the static files when one of them or a package changed."""
    from django.core.management import call_command

    digest = hashlib.sha256((base / "uv.lock").read_bytes())
    for each in sorted((base / "static").rglob("*")):
        facts = each.stat()
        digest.update(f"{each}:{facts.st_size}:{facts.st_mtime_ns}".encode())
    stamp = target / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print("Collecting static files", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=target.exists())
    target.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    sys.exit(main())
