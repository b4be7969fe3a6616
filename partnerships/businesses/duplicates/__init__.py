"""Places that stand in the registry twice: found, scored and kept as pairs for people to look at."""
