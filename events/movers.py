"""What of this room follows when a business is merged; see `core.moving`.

Of two registrations for one event both stay: they are places of two parties, and one address has one place.
"""

from django.utils.translation import gettext_lazy as _

from core.moving import Follows

FOLLOWS = (
    Follows("events.Event.host", _("hosted event"), _("hosted events")),
    Follows("events.Registration.business", _("registration"), _("registrations")),
)
