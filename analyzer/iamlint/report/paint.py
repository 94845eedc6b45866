"""Text that is safe and pleasant on a terminal: colours, widths, no control characters. Knows no diagnostics."""

from iamlint.rule import Severity

_RESET = "\033[0m"
BOLD, DIM, BLUE = "1", "2", "1;34"
SEVERITY = {
    Severity.CRITICAL: "1;97;41",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "1;33",
    Severity.LOW: "1;36",
    Severity.INFO: "1;34",
}


def paint(text: str, code: str, on: bool) -> str:
    """A text in a colour, if colours are on."""
    return f"\033[{code}m{text}{_RESET}" if on and text else text


def safe(text: str) -> str:
    """A text whose control characters, direction marks and lone surrogates are written as escapes, never sent raw."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if character.isprintable() or character == " ":
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def width(text: str) -> int:
    """How many terminal columns a text takes; wide East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - only for text that is not ASCII

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
