"""A room for the kernel's own tests: what they need of a room, so that they import none of the house.

The fixture `sample_room` of tests/core/conftest.py puts it into the list of rooms.
"""
