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

    print("Bringing the database up to date", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMO and "seed_demo" in get_commands():
        print("Looking after the demonstration", flush=True)
        call_command("seed_demo", if_empty=True)
    _collect(Path(settings.BASE_DIR), Path(settings.STATIC_ROOT))


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
