"""Names and places of the demo's town."""

from __future__ import annotations

FIRST_NAMES = (
    "Anna", "Jürgen", "Zoë", "Łukasz", "Søren", "Maria Erika", "José", "Renée", "Ulf", "Ines", "Björn", "Chloë",
    "Agnieszka", "Paul", "Grete", "Åsa", "Miguel", "Fiona", "Lars", "Élodie",
)  # fmt: skip
LAST_NAMES = (
    "Müller", "Groß", "O'Brien", "García", "Kowalski", "Jørgensen", "Dubois", "von Berg", "Çelik", "Weiß", "Smith",
    "Núñez", "Björk", "Le Goff", "Mac Donald", "Schäfer", "Novák", "Ó Súilleabháin", "Fischer", "Roux",
)  # fmt: skip
COMPANIES = (
    "{name} GmbH", "{name} & Söhne KG", "{name} Ltd", "Bäckerei {name}", "{name} S.A.R.L.", "{name} Holding B.V.",
    "Atelier {name}", "{name} Sp. z o.o.", "{name}, Inc.", "Imprenta {name} S.L.",
)  # fmt: skip
STREETS = ("Hauptstraße", "Rue de l'Église", "High Street", "Calle Mayor", "ul. Długa", "Strandvejen", "Am Markt")
PLACES = (
    ("DE", "49", (("Köln", "50667"), ("München", "80331"), ("Görlitz", "02826"))),
    ("FR", "33", (("Orléans", "45000"), ("Nîmes", "30000"))),
    ("GB", "44", (("Leeds", "LS1 4AP"), ("York", "YO1 7HH"))),
    ("ES", "34", (("Málaga", "29001"), ("A Coruña", "15001"))),
    ("PL", "48", (("Łódź", "90-001"), ("Gdańsk", "80-001"))),
    ("DK", "45", (("Århus", "8000"), ("København", "1050"))),
)
"""(country, dialling code, ((city, postcode), ...))."""
