"""The rooms of the house, top to bottom, and the navigation.

A room is added by its folder and a line in `ROOMS`. What it offers stands in files of fixed names, which
`core.rooms.OFFERS` lists; see docs/decisions/0080.
"""

# A room imports, and points with foreign keys, downward alone; pyproject.toml holds the same order.
ROOMS = [
    "partnerships.overview",
    "events",
    "partnerships.vetting",
    "partnerships.businesses",
    "accounts",
    "core.jobs",
    "core.mail",
    "core",
]

# Audience, label, URL name, permission, and for some the group that they join in a bar with more than six.
# Labels and groups are translated where they are shown.
NAVIGATION: list[tuple[str, ...]] = [
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
    ("desk", "Jobs", "desk:jobs", "jobs.read_all_jobs"),
]
