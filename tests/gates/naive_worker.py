"""What the outbox is measured against: the usual way, a Celery task for each mail.

    celery --app tests.gates.naive_worker worker

Its relay, broker and pace come from the environment: `NAIVE_RELAY_PORT`, `REDIS_URL`, `NAIVE_PREFIX` and
`NAIVE_PACE` (seconds between two mails). `NAIVE_ACKS_LATE=1` gives a message back when its worker dies, after
`NAIVE_VISIBILITY` seconds.
"""

import os
import smtplib
import time
from email.message import EmailMessage

from celery import Celery

LATE = os.environ.get("NAIVE_ACKS_LATE") == "1"

app = Celery("naive", broker=os.environ["REDIS_URL"])
app.conf.task_ignore_result = True
app.conf.task_acks_late = LATE
app.conf.task_reject_on_worker_lost = LATE
app.conf.task_default_queue = "naive"
app.conf.worker_concurrency = 1
app.conf.broker_connection_retry_on_startup = True
app.conf.broker_transport_options = {
    "global_keyprefix": os.environ.get("NAIVE_PREFIX", "naive:"),
    "visibility_timeout": float(os.environ.get("NAIVE_VISIBILITY", "3600")),
}


@app.task(name="naive.send")
def send(number: int) -> None:
    """Send one mail over a connection of its own.

    Args:
        number: which; its Message-ID is made of it.
    """
    time.sleep(float(os.environ["NAIVE_PACE"]))
    message = EmailMessage()
    message["Message-ID"] = f"<naive-{number}@city.example>"
    message["To"] = f"reader{number}@people.example"
    message["From"] = "partnerships@city.example"
    message["Subject"] = "A test"
    message.set_content("A line.")
    with smtplib.SMTP("127.0.0.1", int(os.environ["NAIVE_RELAY_PORT"]), timeout=5) as relay:
        relay.send_message(message)
