"""Django's PostgreSQL with patience; named as `ENGINE` in the settings."""
