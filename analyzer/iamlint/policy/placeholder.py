"""Placeholders: texts that something else replaces before AWS compares them. Knows no tool, only the signs of many."""

import re

_SIGN = re.compile(
    r"\$[A-Za-z_{(\[]"  # Terraform, CloudFormation, shells: `${var.x}`, `$BUCKET`, `$(bucket)`, `$[bucket]`
    r"|\{[{%]|\{[\w.:-]*\}"  # Jinja, Mustache, Helm, str.format: `{{ x }}`, `{% if x %}`, `{x}`
    r"|<"  # `<ACCOUNT>`
    r"|#\{|#\w+#|%[{(s]|%\w+%|@@|@\w+@"  # `#{x}`, `#x#`, `%{x}`, `%(x)s`, `%s`, `%x%`, `@@x@@`, `@x@`
    r"|^Fn::"  # a function of CloudFormation
)
_VARIABLE = re.compile(r"\$\{(?:[*?$]|(?!(?:self|opt|env|cf|file|sls|param|terraform):)[A-Za-z][\w.-]*:(?!:)[^{}]*)\}")


def is_computed(text: str) -> bool:
    """Whether AWS compares something else than what stands here: it holds a placeholder, or a policy variable.

    >>> is_computed("${aws:username}"), is_computed("${var.user}"), is_computed("alice")
    (True, True, False)
    """
    return _SIGN.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a tool has yet to fill the text in, or a part of it; IAM's own policy variables are no placeholders.

    >>> is_placeholder("${aws:username}"), is_placeholder("${var.user}"), is_placeholder("alice")
    (False, True, False)
    """
    return is_computed(_VARIABLE.sub("", text) if "${" in text else text)
