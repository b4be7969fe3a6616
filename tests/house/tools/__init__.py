"""A room as small as a room can be that has everything: tools that the department lends to businesses.

`tests/house/test_a_room_is_added.py` puts it into a folder of its own and into `ROOMS`.
"""
