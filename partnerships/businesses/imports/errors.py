"""Why a file was not read."""


class ImportRefusedError(Exception):
    """The whole file is refused; nothing was changed. The message is one line that says what to do."""
