"""Writes the file of a new rule: one that runs, and whose tests fail until its manual is written. Runs no rule."""

import re
from keyword import iskeyword
from pathlib import Path

from iamlint.errors import IamlintError
from iamlint.registry import AnyRule

HUNDREDS = {
    "grammar": 0,
    "names": 1,
    "redundancy": 2,
    "escalation": 3,
    "breadth": 4,
    "trust": 5,
    "guardrail": 6,
    "account": 7,
    "style": 8,
    "parliament": 9,
}

TEMPLATE = '''\
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule


@rule("{code}", on=Statement, severity=Severity.MEDIUM)
def {function}(statement: Statement, _: Context) -> Iterator[Finding]:
    """TODO: one line that says what is wrong.

    ## Why it matters

    TODO: what happens to somebody who leaves it so.

    ## Examples

    ```json bad
    {{
      "Version": "2012-10-17",
      "Statement": {{
        "Effect": "Allow",
        "Action": "todo:todo",
                  ^^^^^^^^^^^ TODO: the message
        "Resource": "*"
      }}
    }}
    ```

    ```json good
    {{
      "Version": "2012-10-17",
      "Statement": {{
        "Effect": "Allow",
        "Action": "s3:ListAllMyBuckets",
        "Resource": "*"
      }}
    }}
    ```

    ## References

    - [TODO: the page of AWS's documentation](https://docs.aws.amazon.com/IAM/latest/UserGuide/)
    """
    for action in statement.actions:
        if action.text == "TODO":
            yield Finding(action.at, "TODO: the message")
'''


def write_rule(category: str, name: str, pack: Path | None, rules: tuple[AnyRule, ...]) -> Path:
    """Write the file of a new rule, with the next free code of its category.

    Args:
        category: The folder, one of HUNDREDS.
        name: The rule's name, in kebab case or snake case.
        pack: The folder of the pack; the built-in one's if not given.
        rules: All rules there are, for the next code.

    Returns:
        The path of the new file.

    Raises:
        IamlintError: The category or the name cannot be used, or the file is there already.
    """
    function = name.lower().replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", function) or iskeyword(function):
        raise IamlintError(
            f"`{name}` cannot be a rule's name", help="words in lower case with hyphens: `star-principal`"
        )
    if category not in HUNDREDS:
        raise IamlintError(f"no category is called `{category}`", help=f"one of: {', '.join(HUNDREDS)}")
    path = (pack or _builtin()) / category / f"{function}.py"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(code=_next_code(category, rules), function=function))
    except FileExistsError:
        raise IamlintError(f"`{path}` is there already", help="choose another name") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise IamlintError(f"`{path}` cannot be written: {reason}", help="choose another `--pack` folder") from error
    return path


def _builtin() -> Path:
    from importlib.util import find_spec  # noqa: PLC0415

    spec = find_spec("iamlint_rules")
    if spec is None or spec.origin is None:
        raise IamlintError("the built-in rule pack is not installed", help="name a folder with `--pack`")
    return Path(spec.origin).parent


def _next_code(category: str, rules: tuple[AnyRule, ...]) -> str:
    used = {rule.code for rule in rules}
    first = HUNDREDS[category] * 100 + 1
    free = (code for code in (f"IAM{number:03}" for number in range(first, first + 99)) if code not in used)
    code = next(free, None)
    if code is None:
        raise IamlintError(f"all codes of `{category}` are taken", help="choose another category")
    return code
