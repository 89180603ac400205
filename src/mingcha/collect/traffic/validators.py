"""Whether a value can be what its place says: check digits, regions, dates, prefixes and forms of Chinese identifiers.

None of these proves whose value it is; they keep numbers that only look alike out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from mingcha.collect.traffic.profile import is_placeholder

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_EARLIEST_BIRTH, _LATEST_BIRTH = 1900, 2049
_TAC: Final = ("35", "86", "01", "99")
"""First digits of the type allocation codes in use (BABT, TAF China, North America, test and global)."""
_BANK: Final = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|3[47]\d{13}|35\d{14}").fullmatch
_ICCID: Final = re.compile(r"8986[0-2]\d[0-9A-Fa-f]{13,14}").fullmatch
_MOBILE: Final = re.compile(
    r"(?:\+?86|0086)?[ -]?1(?:3\d|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])[ -]?\d{4}[ -]?\d{4}"
).fullmatch
_MAC: Final = re.compile(r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{12}").fullmatch
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}").fullmatch
_HEX: Final = re.compile(r"[0-9A-Fa-f]+").fullmatch
_TOKEN: Final = re.compile(r"[0-9A-Za-z._=-]+").fullmatch
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}").fullmatch
_HAN_NAME: Final = re.compile(r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{2,8})?").fullmatch
_PASSPORT: Final = re.compile(r"E(?:\d{8}|[A-HJ-NP-Z]\d{7})|[GDSP]\d{7,8}|1[45]\d{7}|[HM]\d{8}(?:\d{2})?").fullmatch
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·-]?(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
).fullmatch
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}").fullmatch
_DIGEST_SIZES: Final = frozenset({32, 40, 64})


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def resident_id(value: str) -> bool:
    """An 18-character resident identity number: region, date of birth and check character (GB 11643)."""
    if len(value) != 18 or not (value.isascii() and value[:17].isdigit()) or value[:2] not in _PROVINCES:
        return False
    if value[2:6] == "0000" or not _is_birth(value[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == value[17].upper()


def _is_birth(text: str) -> bool:
    if not _EARLIEST_BIRTH <= int(text[:4]) <= _LATEST_BIRTH:
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def imei(value: str) -> bool:
    """Fifteen digits with a type allocation code in use and the check digit."""
    return len(value) == 15 and value.isascii() and value.isdigit() and value.startswith(_TAC) and luhn(value)


def equipment(value: str) -> bool:
    """An IMEI, with or without its check digit, or an MEID."""
    return imei(value) or (len(value) == 14 and _HEX(value) is not None and value[:2].upper() in {*_TAC, "A0", "A1"})


def imsi(value: str) -> bool:
    """Fifteen digits of a Chinese network."""
    return len(value) == 15 and value.isascii() and value.isdigit() and value[:3] == "460" and int(value[3:5]) <= 15


def iccid(value: str) -> bool:
    """The number of a Chinese SIM card."""
    return _ICCID(value) is not None


def mobile(value: str) -> bool:
    """A mainland mobile number with a prefix that is given out."""
    return value.isascii() and _MOBILE(value) is not None


def bank_card(value: str) -> bool:
    """A card number with the prefix of a network and the check digit; spaces are allowed."""
    bare = value.replace(" ", "")
    return bare.isascii() and _BANK(bare) is not None and luhn(bare)


def mac(value: str) -> bool:
    """A hardware address that is not one of Android's constants."""
    return _MAC(value) is not None


def android_id(value: str) -> bool:
    """Sixteen hex digits; leading zeros may be missing."""
    return 14 <= len(value) <= 16 and _HEX(value) is not None and not value.isdigit()


def advertising(value: str) -> bool:
    """A UUID, or a token of 16 to 64 letters and digits with at least ten different ones or digits in it."""
    if _UUID(value):
        return True
    return 16 <= len(value) <= 64 and _TOKEN(value) is not None and any(letter.isdigit() for letter in value)


def email(value: str) -> bool:
    """A mail address."""
    return len(value) <= 254 and _EMAIL(value) is not None


def han_name(value: str) -> bool:
    """Two to four Han characters, or a longer name with its middle dot."""
    return _HAN_NAME(value) is not None


def passport(value: str) -> bool:
    """A Chinese passport or travel permit."""
    return _PASSPORT(value.upper()) is not None


def plate(value: str) -> bool:
    """A number plate."""
    return _PLATE(value.upper()) is not None


def address(value: str) -> bool:
    """An IPv4 address that is neither this machine nor any."""
    if not _ADDRESS(value) or value.startswith(("127.", "0.", "255.")):
        return False
    return all(int(part) < 256 for part in value.split("."))


def word(value: str) -> bool:
    """Any short text that says something."""
    return 0 < len(value) <= 64 and not value.isspace()


def serial(value: str) -> bool:
    """Six to twenty capital letters and digits, some of each."""
    return 6 <= len(value) <= 24 and value.isalnum() and value.isascii() and any(c.isdigit() for c in value)


def digest(value: str) -> bool:
    """Hex of the length of a common digest, not all of one letter."""
    return len(value) in _DIGEST_SIZES and _HEX(value) is not None and len(set(value)) > 4


def fits(check: Callable[[str], bool], value: str) -> bool:
    """Whether a value is there, is not masked or a placeholder, and passes a check or is a digest."""
    return not is_placeholder(value) and "*" not in value and (check(value) or digest(value))


def kind(value: str) -> str:
    """What a value looks like, without saying it."""
    if digest(value):
        return "digest"
    for name, check in _KINDS:
        if check(value):
            return name
    return "digits" if value.isascii() and value.isdigit() else "hex" if _HEX(value) else "text"


_KINDS: Final = (("uuid", lambda value: bool(_UUID(value))), ("mac", mac), ("email", email))
