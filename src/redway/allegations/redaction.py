"""Names of others taken out of what is written, before it goes to the person it is about.

It takes out the names that are known, wherever they stand, and rather one too many than one too few.
It knows nothing of names that were recorded nowhere, of nicknames or of who can be recognised without a
name: somebody reads what is left before it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

REDACTED = "[name]"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_TITLES_AND_ROLES = """
a an and another aunt authority by care carer carers chair chief child children class constable council county
dad deputy designated detective director dr father for from governor governors head headmaster headmistress
headteacher her his hr human in inspector known lado lead leader manager mentor miss mother mr mrs ms mum no
nobody none not nurse of officer on or other others parent parents pc person police practitioner principal
pupil pupils resources safeguarding school senior sergeant service services sir social staff student
supervisor teacher team that the their them they this to uncle union we who with worker young
"""
_NO_NAMES = frozenset(_TITLES_AND_ROLES.split())
"""Words that stand beside names, or where a name was asked for, and are none."""


def words_of_name(name: str) -> tuple[str, ...]:
    """The words of a name as somebody wrote it, without titles and roles.

    >>> words_of_name("Mrs Ann Stone, head of school")
    ('Ann', 'Stone')
    """
    return tuple(word for word in _WORD.findall(name) if word.casefold() not in _NO_NAMES and len(word) > 1)


def redact(text: str, names: Iterable[str], own: Iterable[str] = ()) -> str:
    """The text without the names of others; a whole name, and each of its words written with a capital.

    The words of the person's ``own`` names stay, whoever shares them.

    >>> redact("Jo Example held Ann's arm; ANN STONE saw it.", ["Ann Stone"], ["Jo Example"])
    "Jo Example held [name]'s arm; [name] saw it."
    """
    kept = {word.casefold() for name in own for word in _WORD.findall(name)}
    whole = [words for name in names if (words := words_of_name(name))]
    for words in sorted(whole, key=len, reverse=True):
        if len(words) > 1 and not {word.casefold() for word in words} <= kept:
            together = r"[\s.,]+".join(map(re.escape, words))
            text = re.sub(rf"(?<!\w){together}(?!\w)", REDACTED, text, flags=re.IGNORECASE)
    single = sorted({word for words in whole for word in words if word.casefold() not in kept}, key=len)
    for word in reversed(single):
        forms = "|".join({re.escape(word[:1].upper() + word[1:]), re.escape(word.upper())})
        text = re.sub(rf"(?<!\w)(?:{forms})(?!\w)", REDACTED, text)
    return re.sub(rf"{re.escape(REDACTED)}(?:\s+{re.escape(REDACTED)})+", REDACTED, text)
