"""Two records become one, and two again: what a merge does beside moving what follows (`core.moving`)."""
