"""Which paths a .gitignore leaves out, as git has it. Reads no file system but the ignore files it is given.

See https://git-scm.com/docs/gitignore#_pattern_format
"""

import re
from typing import NamedTuple


class Pattern(NamedTuple):
    """One line of a .gitignore."""

    regex: re.Pattern[str]  # matches a path relative to the ignore file's folder
    negated: bool
    folders_only: bool


class Ignore(NamedTuple):
    """The patterns of one folder's .gitignore; `folder` ends with a slash, or is empty."""

    folder: str
    patterns: tuple[Pattern, ...]

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether the last pattern that fits leaves the path out; None if none fits.

        >>> parse("", "*.json\\n!keep.json").verdict("a/keep.json", is_folder=False)
        False
        """
        if not path.startswith(self.folder):
            return None
        relative = path[len(self.folder) :]
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.folders_only) and pattern.regex.fullmatch(relative):
                return not pattern.negated
        return None


def ignored(path: str, ignores: tuple[Ignore, ...], *, is_folder: bool) -> bool:
    """Whether a path is left out; `ignores` go from the outermost folder in, and the innermost that has a say decides.

    A path inside a folder that is left out is not asked for: git does not look into such a folder either.
    """
    verdicts = (ignore.verdict(path, is_folder=is_folder) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def parse(folder: str, text: str) -> Ignore:
    """The patterns in the text of a .gitignore."""
    lines = (_strip(line) for line in text.splitlines())
    return Ignore(folder, tuple(pattern(line) for line in lines if line and not line.startswith("#")))


def _strip(line: str) -> str:
    """Without trailing blanks, unless a backslash keeps them."""
    stripped = line.rstrip(" \t")
    trailing = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if trailing % 2 and len(line) > len(stripped) else stripped


def pattern(line: str) -> Pattern:
    """One line as a pattern."""
    negated = line.startswith("!")
    body = line[1:] if negated else line
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    anchored = "/" in body
    body = body.removeprefix("/")
    if not anchored:
        return Pattern(_compile(f"(?:.*/)?{translate(body)}"), negated, folders_only)
    plain = _PLAIN.match(body)  # git compares this part by itself, so that what follows it counts as a start
    start = plain.end() if plain else 0
    return Pattern(_compile(re.escape(body[:start]) + translate(body[start:])), negated, folders_only)


def _compile(regex: str) -> re.Pattern[str]:
    try:
        return re.compile(regex, re.DOTALL)
    except re.error:  # a range the wrong way round: git matches nothing with it
        return re.compile(r"(?!)")


_PLAIN = re.compile(r"[^*?\[\\]*")
_STARS = re.compile(r"\*{3,}")  # git takes three for two
_TOKEN = re.compile(r"((?:^|(?<=/)|/)\*\*(?:/|$))|(\*+)|\?|\[([!^]?)(\]?+[^\]]*)\]|\\(.)|(.)", re.DOTALL)


def translate(glob: str) -> str:
    """A glob with git's `**` as a regular expression.

    >>> import re; bool(re.fullmatch(translate("a/**/b"), "a/x/y/b")), bool(re.fullmatch(translate("a/*"), "a/x/y"))
    (True, False)
    """
    return "".join(_token(match) for match in _TOKEN.finditer(_STARS.sub("**", glob)))


def _token(match: re.Match[str]) -> str:
    folders, stars, negated, inside, escaped, plain = match.groups()
    if folders is not None:
        return {"**/": "(?:.*/)?", "/**/": "/(?:.*/)?", "/**": "/.+", "**": ".*"}[folders]
    if stars is not None:
        return "[^/]*"
    if inside is not None:
        inside = re.sub(r"([\\\[&~|])", r"\\\1", inside.replace("\\", ""))
        inside = f"\\{inside}" if inside.startswith(("]", "^")) else inside
        return f"(?!/)[{'^' if negated else ''}{inside}]"
    if plain in ("[", "\\"):  # a bracket left open, a backslash before nothing: git matches nothing with it
        return "(?!)"
    return re.escape(escaped or plain) if escaped or plain else "[^/]"
