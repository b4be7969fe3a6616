"""Wiring only. Importing it loads nothing, so that the keepers of the embedded servers stay small."""
