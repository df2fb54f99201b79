"""Words as people look for them: accents, capitals, ligatures and apostrophes make no difference.
Pure."""

import unicodedata

#: Letters that Unicode takes for letters of their own, and that people type as others.
_TYPED_AS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'"})


def folded(text: str) -> str:
    """``text`` as it is kept for search and as it is asked for: « Œufs à l’érable » and « oeufs a
    l'erable » become the same. Folding again changes nothing."""
    # Twice: what capitals stand for may carry accents that have to go too.
    return _bare(_bare(text).casefold()).translate(_TYPED_AS)


def _bare(text: str) -> str:
    """Without its accents, signs of compatibility written as what they stand for."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
