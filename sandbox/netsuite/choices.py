"""The fixed value lists: countries, languages, subscription states."""

from __future__ import annotations

from types import MappingProxyType

import pycountry

# 2 = Soft Opt-Out is confirmed by the vendor's samples; the other three follow its order.
SUBSCRIPTION = MappingProxyType(
    {
        "1": "Soft Opt-In",
        "2": "Soft Opt-Out",
        "3": "Confirmed Opt-In",
        "4": "Confirmed Opt-Out",
    }
)
CONFIRMED_OPT_IN = "3"
LANGUAGES = MappingProxyType(
    {
        "en_US": "English (U.S.)",
        "en": "English (International)",
        "fr_FR": "French (France)",
        "fr_CA": "French (Canada)",
        "de_DE": "German",
        "es_ES": "Spanish",
        "it_IT": "Italian",
        "nl_NL": "Dutch",
        "pt_BR": "Portuguese (Brazil)",
        "sv_SE": "Swedish",
        "da_DK": "Danish",
        "ja_JP": "Japanese",
        "zh_CN": "Chinese (Simplified)",
    }
)
_SPECIAL = {
    "AB": "Abkhazia",
    "AN": "Netherlands Antilles",
    "CS": "Serbia and Montenegro (Deprecated)",
    "EA": "Ceuta and Melilla",
    "IC": "Canary Islands",
    "XK": "Kosovo",
}
COUNTRIES = MappingProxyType({country.alpha_2: country.name for country in pycountry.countries} | _SPECIAL)
