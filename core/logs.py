"""What the log says, and how much of it."""

import logging

from django.core.exceptions import PermissionDenied


class RefusalsInOneLine(logging.Filter):
    """A refused page is no fault: its line stays, the traceback goes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass; take the traceback off a refusal."""
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info, record.exc_text = None, None
        return True
