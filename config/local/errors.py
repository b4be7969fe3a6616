"""What a person is told when something outside the product is wrong."""

import errno
from pathlib import Path


class LocalError(Exception):
    """One clear sentence for the terminal that says what to do. Never shown with a stack trace."""


def explain(error: OSError, path: Path) -> LocalError:
    """Say what an operating system error about a file under the data folder means.

    Args:
        error: what was raised.
        path: the file or folder that was touched.

    Returns:
        The error to raise in its place.
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalError(
            f"The disk that holds {path} is full. Free some space there, or set DATA_DIR to another disk."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LocalError(
            f"{path} can't be written by this user. Change its owner, or set DATA_DIR to a "
            f"folder that can be written."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return LocalError(
            f"{path} is in the way: a folder is needed there. Move the file, or set DATA_DIR elsewhere."
        )
    return LocalError(f"{path} can't be used: {error.strerror or error}. Set DATA_DIR to another folder.")
