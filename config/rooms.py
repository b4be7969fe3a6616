"""What the kernel asks the rooms, as dotted paths. Nothing registers itself: this list is the whole of it."""

# Each module holds `PERMISSIONS: dict[str, Guard]`.
PERMISSIONS = [
    "core.roles",
    "core.mail.desk.steps",
    "accounts.permissions",
    "partnerships.businesses.permissions",
    "partnerships.vetting.permissions",
    "events.permissions",
]

# Each names a list of `core.mail.outbox.Mail`: every mail that the product can send.
MAILS = [
    "core.mail.emails.MAILS",
    "accounts.emails.MAILS",
    "partnerships.businesses.emails.MAILS",
    "partnerships.vetting.emails.MAILS",
    "events.emails.MAILS",
]

# Each names a list of `core.mail.reminders.ReminderSource`.
REMINDER_SOURCES = [
    "events.reminders.SOURCES",
    "partnerships.vetting.reminders.SOURCES",
    "partnerships.businesses.reminders.SOURCES",
]

# Which organizations' mail a user may see: `(user) -> queryset of ids | core.querysets.ALL`.
MAIL_SCOPE = "partnerships.businesses.scope.mail_organizations"

# Where addresses stand that a user may see at the desk: `(user) -> list of core.mail.scope.AddressBook`.
ADDRESSES = [
    "partnerships.businesses.scope.addresses",
    "partnerships.vetting.scope.addresses",
    "events.scope.addresses",
]

# Where replies to an organization's mail go: `(organization ids) -> {id: "Name <address>"}`.
MAIL_REPLY_TO = "partnerships.businesses.scope.reply_addresses"

# What is held on a person, for their privacy export: each is `(user) -> dict` with a name of its own.
PRIVACY_EXPORTERS = {
    "mail": "core.mail.privacy.held_on",
    "account": "accounts.privacy.held_on",
    "businesses": "partnerships.businesses.privacy.held_on",
    "applications": "partnerships.vetting.privacy.held_on",
    "events": "events.privacy.held_on",
}

# What each room tells on the pages that draw on several, from the top down: see `core.pages.story`.
STORIES = [
    "events.story",
    "partnerships.vetting.story",
    "partnerships.businesses.story",
    "core.mail.story",
]

# How each room is, for the health page: `(now) -> list of core.health.Check`.
HEALTH = ["core.mail.health.checks"]

# Audience, label, URL name, permission. The label is translated where it is shown.
NAVIGATION = [
    ("public", "Partners", "public:partners", ""),
    ("public", "Events", "public:events", ""),
    ("public", "Become a partner", "public:join", ""),
    ("portal", "Home", "portal:home", "core.use_portal"),
    ("portal", "Events", "portal:events", "core.use_portal"),
    ("portal", "People", "portal:people", "core.use_portal"),
    ("desk", "Today", "desk:home", "core.use_desk"),
    ("desk", "Businesses", "desk:businesses", "core.use_desk"),
    ("desk", "Applications", "desk:applications", "core.write_desk"),
    ("desk", "Events", "desk:events", "core.use_desk"),
    ("desk", "Mail", "desk:mail", "core.write_desk"),
]
