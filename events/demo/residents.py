"""Invented residents who come to events."""

FIRST_NAMES = (
    "Abel", "Adaeze", "Agnes", "Alma", "Anand", "Asha", "Beatriz", "Bo", "Callum", "Carmen", "Chidi", "Clara",
    "Dalia", "Desmond", "Edith", "Elias", "Esther", "Fatou", "Felix", "Gus", "Hana", "Hector", "Ida", "Imani",
    "Ines", "Isaac", "Jamal", "Joan", "Kiran", "Lena", "Lionel", "Luz", "Mabel", "Marcus", "Mina", "Nadia",
    "Nell", "Noah", "Opal", "Otto", "Pilar", "Quentin", "Rafael", "Ruth", "Samir", "Sol", "Tessa", "Tomas",
    "Uma", "Vera", "Walt", "Yusuf", "Zora",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Albrecht", "Baptiste", "Barlow", "Castell", "Cho", "Dossou", "Eckhart", "Fontaine", "Gallo",
    "Hollis", "Ibarra", "Jansen", "Kaplan", "Keita", "Lazar", "Mbeki", "Moreau", "Nakata", "Ostrow",
    "Pell", "Quispe", "Rourke", "Sandoval", "Thorne", "Ueda", "Varga", "Weaver", "Yilmaz", "Zeller",
)  # fmt: skip


def person(number: int) -> tuple[str, str]:
    """Name and address of the n-th invented resident; unique up to 1,590."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[(number * 7 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
    return f"{first} {last}", f"{first}.{last}.{number}@mail.example".lower()
