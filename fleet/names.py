"""Names in the order in which Chinese readers look them up."""

from pypinyin import Style, lazy_pinyin


def sort_key(name: str) -> str:
    """Return the key by which `name` is sorted: its pinyin with tone digits, in lower case.

    The database knows no Chinese collation, so the key is stored beside the name.
    """
    syllables = lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(part.strip().lower() for part in syllables if part.strip())
