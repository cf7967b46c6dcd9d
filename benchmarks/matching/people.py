"""Made-up customers with households, namesakes, nicknames, moves and slips of the pen: deterministic by seed.

`python benchmarks/matching/people.py ROWS SEED OUT.csv` writes id, given_name, surname, email, phone, street, city,
postcode and, as the last column, `person`: which rows are the same person. No rules file reads that column.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

COLUMNS = ("id", "given_name", "surname", "email", "phone", "street", "city", "postcode", "person")
SECOND_ROWS = 0.105
"""Further rows per person: about one row in ten is a person's second one."""

GIVEN = (
    "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph "
    "jessica thomas sarah charles karen christopher lisa daniel nancy matthew betty anthony margaret mark sandra "
    "donald ashley steven kimberly paul emily andrew donna joshua michelle kenneth carol kevin amanda brian dorothy "
    "george melissa timothy deborah ronald stephanie edward rebecca jason sharon jeffrey laura ryan cynthia jacob "
    "kathleen gary amy nicholas angela eric shirley jonathan anna stephen brenda larry pamela justin emma scott nicole "
    "brandon helen benjamin samantha samuel katherine gregory christine alexander debra patrick rachel frank carolyn "
    "raymond janet jack catherine dennis maria jerry heather tyler diane aaron ruth jose julie adam olivia nathan "
    "joyce henry virginia zachary victoria douglas kelly peter lauren kyle christina noah joan ethan evelyn jeremy "
    "judith walter megan christian andrea keith cheryl roger hannah terry jacqueline austin martha sean gloria gerald "
    "teresa carl ann harold sara dylan madison arthur frances lawrence kathryn jordan janice jesse jean bryan abigail "
    "billy alice bruce julia gabriel judy joe sophia logan grace alan denise juan amber albert doris willie marilyn "
    "elijah danielle wayne beverly randy isabella vincent theresa mason diana roy natalie ralph brittany bobby "
    "charlotte russell marie bradley kayla philip alexis eugene lori lena lars sven ingrid jan pieter anneke bram "
    "greta hans klaus jurgen ulrike heike chloe mathieu celine lucie margaux pierre luc giulia marco paola luca "
    "carlos lucia pablo ines marta joao tiago beatriz piotr agnieszka zofia jakub milan petra tomas eva imran aisha "
    "fatima omar yusuf layla wei min jun mei hiroshi yuki priya arjun divya rahul"
).split()
SHORT = {
    "james": "jim", "robert": "bob", "john": "jack", "michael": "mike", "elizabeth": "liz", "william": "bill",
    "richard": "dick", "susan": "sue", "joseph": "joe", "jessica": "jess", "thomas": "tom", "charles": "charlie",
    "christopher": "chris", "daniel": "dan", "matthew": "matt", "anthony": "tony", "margaret": "maggie",
    "donald": "don", "steven": "steve", "kimberly": "kim", "andrew": "andy", "joshua": "josh", "kenneth": "ken",
    "timothy": "tim", "deborah": "debbie", "ronald": "ron", "edward": "ted", "rebecca": "becky", "jeffrey": "jeff",
    "jacob": "jake", "nicholas": "nick", "stephen": "steve", "jonathan": "jon", "samuel": "sam", "benjamin": "ben",
    "katherine": "kate", "gregory": "greg", "alexander": "alex", "patrick": "pat", "catherine": "cathy",
    "raymond": "ray", "christine": "chris", "samantha": "sam", "jennifer": "jen", "patricia": "pat", "pamela": "pam",
    "zachary": "zach", "douglas": "doug", "nathan": "nate", "peter": "pete", "victoria": "vicky", "walter": "walt",
    "theresa": "terry", "lawrence": "larry", "philip": "phil", "gabriel": "gabe", "abigail": "abby",
    "kathryn": "kathy", "albert": "al", "vincent": "vince", "eugene": "gene", "frances": "fran", "arthur": "art",
}  # fmt: skip
SURNAMES = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson "
    "anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson "
    "walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell "
    "mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales "
    "murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson "
    "watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long "
    "ross foster jimenez muller schmidt schneider fischer weber meyer wagner becker hoffmann jansen devries bakker "
    "visser dubois moreau laurent lefebvre rossi russo ferrari silva santos kowalski novak svensson larsen nielsen"
).split()
HEADS = "bar ash hol wal ker mor den fen gra had lang mer nor pen ray sel tor win yar brad cas dal el fair gold".split()
MIDDLES = "en er ing le o a i ber ma ri sto der ven".split()
TAILS = "ton ford ley man son well ham by worth field stead ski sen berg mann wood more land dale court".split()
STREETS = "oak maple church park mill station high school king queen river lake hill cedar elm garden".split()
KINDS = {"street": "st", "avenue": "ave", "road": "rd", "lane": "ln", "drive": "dr", "court": "ct"}
DOMAINS = ("gmail.com", "outlook.com", "yahoo.com", "icloud.com", "web.de", "orange.fr", "proton.me", "mail.example")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Row:
    """What one system holds of one person."""

    given: str
    surname: str
    email: str
    phone: str
    street: str
    city: str
    postcode: str


class Town:
    """Makes people; the same seed makes the same ones."""

    def __init__(self, people: int, seed: int) -> None:
        self.random = random.Random(seed)
        surnames = SURNAMES + sorted({h + m + t for h in HEADS for m in MIDDLES for t in TAILS})
        self.random.shuffle(surnames)
        self.surnames, self.surname_weights = surnames, self._falling(len(surnames), 0.75)
        self.given_weights = self._falling(len(GIVEN), 0.6)
        places = max(40, people // 150)
        self.places = [(self._made_word("ville"), f"{self.random.randrange(10000, 99999)}") for _ in range(places)]
        self.place_weights = self._falling(places, 0.5)
        self.streets = [self._made_word("") for _ in range(600)] + STREETS * 6

    def households(self) -> Iterator[list[Row]]:
        """People, by those who live together."""
        while True:
            size = self.random.choices((1, 2, 3, 4), (55, 25, 12, 8))[0]
            first = self._person()
            yield [first] + [self._relative(first) for _ in range(size - 1)]

    def again(self, row: Row) -> Row:
        """The same person as another system has them, some time later."""
        roll = self.random.random
        if roll() < 0.20:
            row = self._moved(row)
        elif roll() < 0.35:
            row = replace(row, street=self._written_else(row.street))
        if roll() < 0.25:
            row = replace(row, email=self._email(row))
        if roll() < 0.20:
            row = replace(row, phone=self._phone())
        given = SHORT.get(row.given, row.given) if roll() < 0.25 else row.given
        row = replace(row, given=self._slip(given, 0.08), surname=self._slip(row.surname, 0.08))
        if roll() < 0.02:
            row = replace(row, surname=self._surname())
        if roll() < 0.02:
            row = replace(row, given=row.surname, surname=row.given)
        if roll() < 0.03:
            row = replace(row, given=row.given[:1])
        row = replace(row, street=self._slip(row.street, 0.06), email=self._slip(row.email, 0.03))
        return self._holes(row)

    def seen(self, row: Row) -> Row:
        """The first row of a person: as they are, with holes."""
        return self._holes(row)

    def _person(self) -> Row:
        given, surname = self.random.choices(GIVEN, cum_weights=self.given_weights)[0], self._surname()
        city, postcode = self._place()
        row = Row(given, surname, "", self._phone(), self._street(), city, postcode)
        return replace(row, email=self._email(row))

    def _relative(self, first: Row) -> Row:
        """Someone at the same address: often the same surname and phone, at times the same mail, rarely the name."""
        roll = self.random.random
        given = first.given if roll() < 0.01 else self.random.choices(GIVEN, cum_weights=self.given_weights)[0]
        row = replace(first, given=given, surname=first.surname if roll() < 0.8 else self._surname())
        row = replace(row, phone=first.phone if roll() < 0.45 else self._phone())
        return row if roll() < 0.12 else replace(row, email=self._email(row))

    def _moved(self, row: Row) -> Row:
        city, postcode = (row.city, row.postcode) if self.random.random() < 0.3 else self._place()
        return replace(row, street=self._street(), city=city, postcode=postcode)

    def _holes(self, row: Row) -> Row:
        roll = self.random.random
        return replace(
            row,
            email="" if roll() < 0.15 else row.email,
            phone="" if roll() < 0.25 else self._phone_written(row.phone),
            street="" if roll() < 0.10 else row.street,
            city="" if roll() < 0.08 else row.city,
        )

    def _surname(self) -> str:
        return self.random.choices(self.surnames, cum_weights=self.surname_weights)[0]

    def _place(self) -> tuple[str, str]:
        return self.random.choices(self.places, cum_weights=self.place_weights)[0]

    def _street(self) -> str:
        name, kind = self.random.choice(self.streets), self.random.choice(list(KINDS))
        return f"{self.random.randrange(1, 220)} {name} {kind}"

    def _email(self, row: Row) -> str:
        given, surname, number = row.given, row.surname, self.random.randrange(1, 999)
        form = self.random.choice((f"{given}.{surname}{number}", f"{given[0]}{surname}{number}",
                                   f"{given}{number}", f"{surname}.{given[0]}{number}",
                                   f"{self._made_word('')}{number}"))  # fmt: skip
        return f"{form}@{self.random.choice(DOMAINS)}"

    def _phone(self) -> str:
        return f"{self.random.randrange(2_000_000_000, 9_999_999_999)}"

    def _phone_written(self, phone: str) -> str:
        if not phone:
            return ""
        forms = (phone, f"({phone[:3]}) {phone[3:6]}-{phone[6:]}", f"+1 {phone[:3]} {phone[3:6]} {phone[6:]}")
        return self.random.choice(forms)

    def _written_else(self, street: str) -> str:
        for long, short in KINDS.items():
            if street.endswith(long):
                return street.removesuffix(long) + short
        return street

    def _slip(self, text: str, share: float) -> str:
        """One letter lost, doubled, changed or swapped with the next."""
        if len(text) < 3 or self.random.random() >= share:
            return text
        at = self.random.randrange(1, len(text) - 1)
        kind = self.random.randrange(4)
        if kind == 0:
            return text[:at] + text[at + 1 :]
        if kind == 1:
            return text[:at] + self.random.choice(LETTERS) + text[at:]
        if kind == 2:
            return text[:at] + self.random.choice(LETTERS) + text[at + 1 :]
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def _made_word(self, tail: str) -> str:
        return self.random.choice(HEADS) + self.random.choice(MIDDLES) + (tail or self.random.choice(TAILS))

    @staticmethod
    def _falling(count: int, power: float) -> list[float]:
        """Summed weights: the first few are common, most are rare."""
        return list(accumulate(1 / (place + 3) ** power for place in range(count)))


def people(rows: int, seed: int) -> list[tuple[str, ...]]:
    """Rows in a shuffled order, the person's number last."""
    town = Town(rows, seed)
    found: list[tuple[Row, int]] = []
    person = 0
    for household in town.households():
        for one in household:
            found.append((town.seen(one), person))
            while len(found) < rows and town.random.random() < SECOND_ROWS:
                found.append((town.again(one), person))
            person += 1
        if len(found) >= rows:
            break
    town.random.shuffle(found)
    return [
        (str(n), r.given, r.surname, r.email, r.phone, r.street, r.city, r.postcode, str(who))
        for n, (r, who) in enumerate(found[:rows], 1)
    ]


def main() -> None:
    """Write a CSV file."""
    rows, seed, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(people(rows, seed))


if __name__ == "__main__":
    main()
