"""Ways to reach somebody that a text gives away: they appear by themselves once a booking allows.

A hint to whoever writes, not a wall: what is missed or seen wrongly costs one press more or less.
"""

import re
from enum import StrEnum


class Contact(StrEnum):
    """What can be found in a text."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


#: Ten digits as people of North America group them, with or without the 1.
_PHONE = re.compile(
    r"(?<![\d.,])(?:\+?1[\s.\-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.\-]?)\d{3}[\s.\-]?\d{4}(?![\d])"
)
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[a-z]{2,}", re.IGNORECASE)
#: A number, then the word for a street and its name; or the name first, as in English.
_BEFORE = (
    r"rue|avenue|av\.|boulevard|boul\.|bd|chemin|ch\.|place|rang|route|mont[ée]e|all[ée]e"
    r"|croissant|terrasse|square|promenade|c[ôo]te"
)
_AFTER = r"street|st\.?|avenue|ave\.?|road|rd\.?|boulevard|blvd\.?|drive|dr\.|lane|crescent|place"
_STREET = re.compile(
    rf"(?<![\d.,:])\d{{1,5}}(?:[\s-]?[a-d])?(?:-\d{{1,5}})?,?\s+"
    rf"(?:(?:{_BEFORE})\s+\w|(?:[^\W\d]\S*\s+){{1,3}}(?:{_AFTER})(?!\w))",
    re.IGNORECASE,
)
#: A whole postal code leads to a side of a street.
_POSTAL = re.compile(
    r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\s?\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)", re.IGNORECASE
)


def masked(text: str, mask: str = "[…]") -> str:
    """``text`` with a mask in place of what can be found whole; a street has to be read by a
    person."""
    for pattern in (_EMAIL, _PHONE, _POSTAL):
        text = pattern.sub(mask, text)
    return text


def contacts(text: str) -> frozenset[Contact]:
    """The ways to reach somebody that ``text`` gives away."""
    found = set()
    if _PHONE.search(text):
        found.add(Contact.PHONE)
    if _EMAIL.search(text):
        found.add(Contact.EMAIL)
    if _STREET.search(text) or _POSTAL.search(text):
        found.add(Contact.ADDRESS)
    return frozenset(found)
