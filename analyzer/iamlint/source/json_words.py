"""What someone meant by a word or string that is not JSON. Knows nothing of the structure around it."""

import re
from typing import NamedTuple

from iamlint.source.json_scanner import NUMBER, scalar
from iamlint.source.strings import decode_escapes

_ONE_LINE = re.compile(r'"(?:[^"\\\n\r]|\\[^\n\r])*+"')
_MANY_LINES = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_AFTER_STRING = re.compile(r"\s*(?:[,:\]}]|\Z)")
_LINE = re.compile(r"[^\n\r]*")
_SINGLE = re.compile(r"'((?:[^'\\\n\r]|\\[^\n\r])*+)'")
_SMART = re.compile('[“”„«]([^“”„«»"\n\r]*)[“”"»]|[‘’‚]([^‘’‚\n\r]*)[‘’]')
_BACKTICKS = re.compile(r"`([^`]*)`")
_BARE_VALUE = re.compile(r"(?:\$\{[^}\n]{0,200}\}|[^\s,;=\[\]{}\"':]|:(?!\s))+|.", re.DOTALL)
_BARE_KEY = re.compile(r"(?:\$\{[^}\n]{0,200}\}|[^\s,;=\[\]{}\"':])+|.", re.DOTALL)
_ESCAPE = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\u[0-9a-fA-F]{0,3}|\\.', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_RIGHT = re.compile(rf"(?:true|false|null|{NUMBER})\Z")
_NUMBER = re.compile(r"[-+.]?\d[\w.+-]*\Z|[-+.]\w*\Z")

_WORDS: dict[str, tuple[str, object]] = {
    "true": ("is `true` in JSON", True),
    "false": ("is `false` in JSON", False),
    "null": ("is `null` in JSON", None),
    "none": ("is Python; JSON has `null`", None),
    "nil": ("is `null` in JSON", None),
    "nan": ("is not a JSON number", None),
    "infinity": ("is not a JSON number", None),
    "-infinity": ("is not a JSON number", None),
    "undefined": ("is JavaScript; JSON has `null`", None),
}
_CONTROLS = {"\t": ("a tab", "\\t"), "\n": ("a line break", "\\n"), "\r": ("a line break", "\\n")}


class Word(NamedTuple):
    """What was meant, where it ends, and what is wrong with how it is written."""

    value: object
    end: int
    message: str = ""
    start: int = 0  # of what is wrong, to `until`
    until: int = 0
    help: str = ""


def read_word(text: str, start: int, *, key: bool = False) -> Word:
    """The word at a place that is neither blank nor a mark; at least one character long."""
    if text[start] == '"':
        return _double(text, start)
    for pattern, message in (
        (_SINGLE, "JSON strings take double quotes"),
        (_SMART, "typographic quotes are no JSON quotes"),
        (_BACKTICKS, "JSON strings take double quotes"),
    ):
        match = pattern.match(text, start)
        if match:
            value = next((group for group in match.groups() if group is not None), "")
            return Word(value.replace("\\'", "'"), match.end(), message, start, match.end(), 'write `"…"`')
    match = (_BARE_KEY if key else _BARE_VALUE).match(text, start)
    end = match.end() if match else start + 1
    return _bare(text[start:end], start, end, key=key)


def _bare(word: str, start: int, end: int, *, key: bool) -> Word:
    if key:
        return Word(word, end, f"the key `{word}` needs double quotes", start, end, f'write `"{word}"`')
    if _RIGHT.match(word):
        return Word(scalar(word), end)
    reason, value = _WORDS.get(word.lower(), ("", None))
    if word in ("True", "False"):
        reason = f"is Python; JSON has `{word.lower()}`"
    if reason:
        return Word(value, end, f"`{word}` {reason}", start, end)
    if _NUMBER.match(word):
        quoting = f'write `"{word}"` if it is an account id or other text' if word.isdecimal() else ""
        return Word(word, end, f"`{word}` is not a JSON number", start, end, quoting)
    return Word(word, end, f"`{word}` needs double quotes", start, end, f'write `"{word}"`')


def _double(text: str, start: int) -> Word:
    """A string that starts with a double quote, and which the regular scanner refused."""
    match = _ONE_LINE.match(text, start)
    if match is None:
        match = _MANY_LINES.match(text, start)
        if match is None or not _AFTER_STRING.match(text, match.end()):
            return unclosed(text, start)
    raw = text[start + 1 : match.end() - 1]
    value = decode_escapes(raw)
    control, escape = _CONTROL.search(raw), _bad_escape(raw)
    if escape and (not control or escape.start() < control.start()):
        place = start + 1 + escape.start()
        message = (
            f"`{escape[0]}` is no escape that JSON knows" if escape[0].strip() == escape[0] else "a stray backslash"
        )
        return Word(value, match.end(), message, place, place + len(escape[0]), "write `\\\\` for a backslash")
    if control:
        place = start + 1 + control.start()
        name, written = _CONTROLS.get(control[0], ("a control character", f"\\u{ord(control[0]):04x}"))
        return Word(value, match.end(), f"{name} inside a string", place, place + 1, f"write it as `{written}`")
    return Word(value, match.end())


def _bad_escape(raw: str) -> re.Match[str] | None:
    return next((match for match in _ESCAPE.finditer(raw) if match[1] is None), None)


def unclosed(text: str, start: int, limit: int | None = None) -> Word:
    """A string whose closing quote is missing: it is taken to end with its line, before a comma or closing bracket."""
    line = _LINE.match(text, start + 1, len(text) if limit is None else limit)
    raw = line[0].rstrip(" \t,") if line else ""
    for opening, closing in ("[]", "{}"):
        for _ in range(min(3, raw.count(closing) - raw.count(opening))):
            raw = raw.removesuffix(closing).rstrip(" \t,")
    end = start + 1 + len(raw)
    return Word(decode_escapes(raw), end, "the string is not closed", start, end, 'a `"` is missing at its end')
