"""Keys of schools and areas: checked, and written one way."""

from __future__ import annotations

import re

from redway.core.errors import InvalidIdentifier

ENGLAND = "E92000001"
"""Entity key of England in every series (ONS code)."""

_TRAILING_ZERO = re.compile(r"\.0+$")
_ONS = re.compile(r"^[EKNSW]\d{8}$")
_LSOA = re.compile(r"^[EW]01\d{6}$")


def _digits(text: object) -> str:
    # Spreadsheets hand identifiers back as "100000.0"; the fraction carries nothing.
    return _TRAILING_ZERO.sub("", str(text).strip())


def urn(text: object) -> str:
    """Unique reference number: six digits, 100000 or above.

    >>> urn(" 110000.0 ")
    '110000'
    """
    value = _digits(text)
    if not (value.isascii() and value.isdigit() and len(value) == 6 and value[0] != "0"):
        raise InvalidIdentifier(f"'{text}' is not a URN.", "A URN has six digits, such as 110394.")
    return value


def la_code(text: object) -> str:
    """Department for Education authority number: three digits ('826' is Milton Keynes).

    >>> la_code("826.0")
    '826'
    """
    value = _digits(text)
    if not (value.isascii() and value.isdigit() and len(value) == 3):
        raise InvalidIdentifier(
            f"'{text}' is not an authority number.",
            "Use the three-digit number, such as 826 for Milton Keynes.",
        )
    return value


def laestab(la: object, establishment: object) -> str:
    """Authority number and establishment number as seven digits.

    The establishment part is zero-padded to four, as old files drop its leading zeros.

    >>> laestab("826", "17")
    '8260017'
    """
    number = _digits(establishment)
    if not (number.isascii() and number.isdigit() and 1 <= len(number) <= 4):
        raise InvalidIdentifier(
            f"'{establishment}' is not an establishment number.", "It has up to four digits, such as 4001."
        )
    return la_code(la) + number.zfill(4)


def laestab_from_text(text: object) -> str:
    """A LAESTAB written '826/4001', '826-4001' or '8264001'.

    >>> laestab_from_text("826/4001")
    '8264001'
    """
    value = re.sub(r"[\s/-]", "", _digits(text))
    if not (value.isascii() and value.isdigit() and len(value) == 7):
        raise InvalidIdentifier(f"'{text}' is not a LAESTAB.", "It has seven digits, such as 826/4001.")
    return value


def ons_code(text: object) -> str:
    """Office for National Statistics nine-character area code.

    >>> ons_code("e06000042")
    'E06000042'
    """
    value = str(text).strip().upper()
    if not _ONS.match(value):
        raise InvalidIdentifier(f"'{text}' is not an ONS area code.", "It looks like E06000042.")
    return value


def lsoa_code(text: object) -> str:
    """Lower-layer super output area code (E01 or W01 and six digits)."""
    value = str(text).strip().upper()
    if not _LSOA.match(value):
        raise InvalidIdentifier(f"'{text}' is not an LSOA code.", "It looks like E01016710.")
    return value
