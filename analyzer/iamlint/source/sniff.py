"""Which files to read at all, and as what, from their names and first bytes. Knows nothing of what is in a policy."""

import re

_TELLING = (b"effect", b"2012-10-17", b"2008-10-17")
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MEANT = re.compile(r"""["'“]?statements?["'”]?\s*[:=]""", re.IGNORECASE)
_MEANT_TOO = re.compile(r"""["'“]?(?:effect|not_?action|action)["'”]?\s*[:=]""", re.IGNORECASE)

JSON, YAML, TERRAFORM, GUESS, NEITHER = "json", "yaml", "terraform", "guess", "neither"
_FORMATS = {
    ".json": JSON,
    ".jsonc": JSON,
    ".yaml": YAML,
    ".yml": YAML,
    ".tf": TERRAFORM,
    ".tofu": TERRAFORM,
    ".hcl": TERRAFORM,
    ".tf.json": TERRAFORM,
    ".tofu.json": TERRAFORM,
    ".template": GUESS,
    ".policy": GUESS,
    ".txt": GUESS,
    ".tpl": GUESS,
    ".tftpl": GUESS,
    ".j2": GUESS,
    "": GUESS,
}


def format_by_name(name: str) -> str:
    """What a file's name promises: json, yaml, terraform; `guess` where it may be either, `neither` for all else.

    >>> format_by_name("a/b.YML"), format_by_name("main.tf.json"), format_by_name("-"), format_by_name("x.py")
    ('yaml', 'terraform', 'guess', 'neither')
    """
    parts = name.replace("\\", "/").rpartition("/")[2].lower().lstrip(".").split(".")[1:]
    last = f".{parts[-1]}" if parts else ""
    return _FORMATS.get(f".{'.'.join(parts[-2:])}") or _FORMATS.get(last, NEITHER)


def format_by_text(text: str) -> str:
    """JSON if it starts as JSON does, be it percent-encoded, else YAML."""
    return JSON if text[:4096].lstrip().lower().startswith(("{", "[", "%7b")) else YAML


def could_hold_policy(data: bytes) -> bool:
    """Whether the bytes can hold a policy: a cheap test that lets hardly anything else through.

    >>> could_hold_policy(b'{"Version": "2012-10-17", "Statement": []}'), could_hold_policy(b'{"name": "x"}')
    (True, False)
    """
    codec = _WIDE.get(data[:2])
    if codec:
        data = data[2:].decode(codec, "replace").encode()
    lower = data.lower()
    if b"detaillist" in lower:  # the principals of an account, be they without policies
        return True
    if not any(word in lower for word in _TELLING):
        return False
    return b"statement" in lower or (
        lower[:64].lstrip()[:1] == b"[" and b'action"' in lower
    )  # statements without a policy


def is_meant_as_policy(text: str) -> bool:
    """Whether a text that could not be read was likely meant as a policy: it has the keys of one."""
    return _MEANT.search(text) is not None and _MEANT_TOO.search(text) is not None


def is_template(text: str, start: int) -> bool:
    """Whether what cannot be read at a place is there for another tool to replace."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = text[first : len(text) if last < 0 else last][:10_000]
    return any(mark in line for mark in ("{{", "{%", "<%")) or text.startswith(("${", "%{", "<"), start)
