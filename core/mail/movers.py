"""What of mail follows when an organization is merged: whose mail it is, by number; see `core.moving`."""

from django.utils.translation import gettext_lazy as _

from core.moving import Follows

FOLLOWS = (Follows("mail.OutgoingMail.organization_id", _("mail"), _("mails"), of="businesses.Organization"),)
