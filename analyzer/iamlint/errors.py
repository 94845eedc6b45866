"""The one exception a user can cause: what is wrong with the run, and what to do. Knows nothing else."""


class IamlintError(Exception):
    """The user can fix the run: no such file, a bad option, no credentials. Exit code 2.

    A faulty policy is never an exception but a finding; our own fault is a crash report.

    Args:
        message: What is, in lower case, user input in backticks, no final period.
        help: What to do about it, in the same style.
    """

    def __init__(self, message: str, *, help: str = "") -> None:  # noqa: A002 - rustc's and our own word for it
        super().__init__(message)
        self.message = message
        self.help = help
