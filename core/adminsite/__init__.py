"""Django admin under our own rules."""
