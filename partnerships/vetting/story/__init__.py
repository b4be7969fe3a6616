"""What vetting tells of a business, of the day, and to an owner."""

from .beside import beside
from .chapters import CHAPTERS
from .day import city, day
from .figures import figures
from .home import home

__all__ = ["CHAPTERS", "beside", "city", "day", "figures", "home"]
