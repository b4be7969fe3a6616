"""What the kernel lets a role do: the guards of the roles themselves."""

from core.roles import PERMISSIONS

__all__ = ["PERMISSIONS"]
