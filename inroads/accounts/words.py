"""What people typed, as it is kept."""


def tidy(words: str) -> str:
    """Words as they are kept: line ends as one sign, nothing around them. The same from a screen and from paper."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
