"""Checks that tests name in `config.rooms.MAIL_CHECKS`."""


def broken(mail):
    raise LookupError("a fault of ours")
