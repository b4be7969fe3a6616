"""How gunicorn serves the product, under `make run` and in a deployment alike."""

import os
from pathlib import Path

wsgi_app = "config.wsgi:application"
bind = (
    os.environ.get("WEB_LISTEN") or f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
)
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # the workers share the memory of the loaded code
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "info")
control_socket_disable = True  # no further door
if Path("/dev/shm").is_dir():  # noqa: S108  (gunicorn's heartbeat file belongs into memory, not on a disk)
    worker_tmp_dir = "/dev/shm"  # noqa: S108
