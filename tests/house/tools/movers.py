"""What of this room follows when a business is merged."""

from core.moving import Follows

FOLLOWS = (Follows("tools.Loan.business", "tool on loan", "tools on loan"),)
