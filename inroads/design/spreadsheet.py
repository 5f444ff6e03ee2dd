"""What goes into files that somebody will open in a spreadsheet."""


def no_formula(cell: object) -> str:
    """`cell` as text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in {"=", "@", "+", "\t", "\r"} or (text[:1] == "-" and not _is_number(text)) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
