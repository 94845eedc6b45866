"""Text that is safe in GitHub's Markdown, whatever a policy says: prose, code, fences. Knows no format's layout."""

import re

from iamlint.report.paint import safe

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_START = re.compile(r"^(\s*)(?:([-+#=])|(\d+)([.)]))")
_TICKS = re.compile(r"`+")
_LINES = 80


def prose(text: str) -> str:
    """A sentence of ours: what stands in backticks becomes code, and nothing else has a meaning.

    >>> prose("`s3:*` is <b>new</b>"), prose("a stray ` and @all")
    ('`s3:*` is \\\\<b\\\\>new\\\\</b\\\\>', 'a stray \\\\` and @\\u200ball')
    """
    parts = safe(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is no quote
        return _escaped("`".join(parts))
    return "".join(code(part) if index % 2 else _escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """A text as inline code.

    >>> code("a`b"), code("")
    ('``a`b``', '` `')
    """
    text = safe(text) or " "
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, language: str) -> str:
    """A block of code; a very long one is cut, as GitHub takes only so much."""
    lines = text.splitlines()
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], "…"]
    body = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(body)), default=0))
    return f"{fence}{language}\n{body}\n{fence}"


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text).replace("@", "@\u200b")
    return _START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)
