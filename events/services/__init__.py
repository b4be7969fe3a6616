"""Every write of this room, one verb per function."""

from .calls import mark_called
from .desk import (
    EDITABLE,
    PLACES,
    TIMES,
    archive_event,
    cancel_event,
    close_event,
    create_event,
    mark_attended,
    mark_no_show,
    publish_event,
    reopen_event,
    set_headcount,
    set_walk_ins,
    unmark,
    update_event,
)
from .hours import follow_zone, on_another_hour
from .places import (
    cancel_place,
    enter_registration,
    lapse_unconfirmed,
    register_business,
    resize_place,
    settle_event,
    tell_those_without_a_seat,
)
from .requests import confirm_place, request_place, send_new_code
from .seats import Settled, line_of, position_of

__all__ = [
    "EDITABLE",
    "PLACES",
    "TIMES",
    "Settled",
    "archive_event",
    "cancel_event",
    "cancel_place",
    "close_event",
    "confirm_place",
    "create_event",
    "enter_registration",
    "follow_zone",
    "lapse_unconfirmed",
    "mark_attended",
    "mark_called",
    "mark_no_show",
    "line_of",
    "on_another_hour",
    "position_of",
    "publish_event",
    "register_business",
    "reopen_event",
    "request_place",
    "resize_place",
    "send_new_code",
    "set_headcount",
    "set_walk_ins",
    "settle_event",
    "tell_those_without_a_seat",
    "unmark",
    "update_event",
]
