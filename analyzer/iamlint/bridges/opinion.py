"""Opinion: what another linter says of a policy, as a value. Knows no other linter."""

from dataclasses import dataclass

from iamlint.text import Pointer


@dataclass(frozen=True, slots=True)
class Opinion:
    """One finding of another linter, placed in the policy.

    `issue` is the other linter's own identifier, `detail` what it adds, such as the name it did not know.
    """

    issue: str
    at: Pointer
    title: str
    detail: str = ""
