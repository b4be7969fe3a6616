"""The embedded services: PostgreSQL, Valkey, a mail sink, and the supervisor behind `make run`.

How the parts fit together:

- `places` knows the folders under `DATA_DIR`, `secrets` their passwords.
- A `keeper` process is the parent of one server (PostgreSQL or Valkey). It restarts it after a crash and
stops it
  when nobody uses it any more.
- `services.hold()` is how everything else gets a server: `make run`, any `manage.py` command and the tests.
It
  takes a shared file lock ("I use it") that the kernel drops even when the holder is killed.
- `supervisor` runs web, worker, beat and sink, and is what `make run` starts. `children` holds the processes,
  `door` their socket, `record` the note on who runs, `terminal` what is shown and what is kept.

Nothing here imports Django, so that a keeper stays small.
"""
