"""What the log says, and how much of it."""

import logging

from django.core.exceptions import PermissionDenied, SuspiciousOperation


class RefusalsInOneLine(logging.Filter):
    """A refused page is no fault, nor is a request that was written wrong: one line each, no traceback.

    A scanner that calls us by a wrong name would fill a disk otherwise; whoever forgot a name in
    `ALLOWED_HOSTS` still reads it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback off a refusal, and leave out what only says once more that it was one."""
        error = record.exc_info[1] if record.exc_info else None
        request = getattr(record, "request", None)
        if isinstance(error, PermissionDenied | SuspiciousOperation):
            record.exc_info, record.exc_text = None, None
        if isinstance(error, SuspiciousOperation):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            if request is not None:
                request.told_in_the_log = True
            return True
        return not (record.name == "django.request" and getattr(request, "told_in_the_log", False))
