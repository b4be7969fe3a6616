"""Long work with progress: a row that says what is to be done, carried out by the workers.

A room declares its kinds in `jobs.py` as `JOBS`, a list of `JobKind`; a service or a view queues one with
`services.queue_job`. The row is the truth, Celery only the muscle: see docs/jobs.md.
"""
