"""`iamlint suggest`: the smallest policy for what is asked. Knows no AWS fact."""

from iamlint.errors import IamlintError

HELP = "Write the smallest policy that allows what you name."


def suggest() -> None:
    """Not there yet."""
    raise IamlintError("`suggest` is not there yet")
