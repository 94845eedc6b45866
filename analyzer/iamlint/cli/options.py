"""The one declaration of `check`'s options, read by both doors: the small fast one here, and Typer's. Runs nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from iamlint.policy import PolicyKind
from iamlint.report import FORMATS
from iamlint.rule import Confidence, Severity

RULES, INPUT, OUTPUT, OUTCOME = "Rules", "Input", "Output", "Outcome"

KINDS = tuple(kind.value for kind in PolicyKind)
SEVERITIES = tuple(severity.value for severity in Severity)
CONFIDENCES = tuple(confidence.value for confidence in Confidence)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: how it is written, what it takes, and what `--help` says of it.

    `kind` is flag, count, value (one text) or list (given often, or with commas). `choices` limits what is accepted.
    """

    flags: tuple[str, ...]
    kind: str
    help: str
    panel: str
    metavar: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()
    commas: bool = True

    @property
    def name(self) -> str:
        """The field of Options it fills."""
        return max(self.flags, key=len).strip("-").replace("-", "_")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the user asked `check` to do; the fields are OPTIONS by name, and the paths."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    pedantic: bool = False
    no_parliament: bool = False
    policy_type: str | None = None
    stdin_filename: str | None = None
    trust: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    batch: str | None = None
    format: str = "full"
    output_file: str | None = None
    color: str = "auto"
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False
    min_severity: str = "info"
    min_confidence: str = "low"
    fail_on: str = "low"
    exit_zero: bool = False


OPTIONS = (
    Option(("--select",), "list", "Run only these rules: codes, prefixes, categories or names.", RULES, "RULE"),
    Option(("--ignore",), "list", "Leave these rules out.", RULES, "RULE"),
    Option(("--extend-select",), "list", "Run these rules too, such as IAM8.", RULES, "RULE"),
    Option(("--pedantic",), "flag", "Also report what is true but of interest to few.", RULES),
    Option(("--no-parliament",), "flag", "Leave parliament's second opinion out.", RULES),
    Option(("--policy-type",), "value", "What the policies are, instead of detecting it.", INPUT, "TYPE", None, KINDS),
    Option(("--stdin-filename",), "value", "The name to give what is read from `-`.", INPUT, "NAME"),
    Option(("--trust",), "list", "The trust policy of a role given as files.", INPUT, "FILE", commas=False),
    Option(("--permissions",), "list", "A permission policy of that role.", INPUT, "FILE", commas=False),
    Option(("--exclude",), "list", "Pass files and folders over that match this glob.", INPUT, "GLOB"),
    Option(("--batch",), "value", "Read one policy a line; print one line of JSON findings for each.", INPUT, "JSONL"),
    Option(("-f", "--format"), "value", "How to write the findings.", OUTPUT, "FORMAT", "full", FORMATS),
    Option(("-o", "--output-file"), "value", "Write to this file instead of stdout.", OUTPUT, "FILE"),
    Option(("--color",), "value", "When to use colours.", OUTPUT, "WHEN", "auto", ("auto", "always", "never")),
    Option(("--statistics",), "flag", "Count the findings by rule.", OUTPUT),
    Option(("-q", "--quiet"), "flag", "Findings only, no summary and no notes.", OUTPUT),
    Option(("-v", "--verbose"), "flag", "Also say what was passed over, and why.", OUTPUT),
    Option(("--min-severity",), "value", "Report from this severity on.", OUTCOME, "SEVERITY", "info", SEVERITIES),
    Option(("--min-confidence",), "value", "Report from this confidence on.", OUTCOME, "LEVEL", "low", CONFIDENCES),
    Option(("--fail-on",), "value", "Exit with 1 from this severity on.", OUTCOME, "SEVERITY", "low", SEVERITIES),
    Option(("--exit-zero",), "flag", "Exit with 0 whatever was found.", OUTCOME),
)


def gather(arguments: Sequence[str], options: Sequence[Option]) -> dict[str, Any] | None:
    """What a command line gives: options by name, and `paths` for the words that are none.

    Flags are True, lists are lists, and of a single value the last one counts, as with Typer. None stands for anything
    unusual, such as a slip or `--help`, which is then Typer's to answer.
    """
    by_flag = {flag: option for option in options for flag in option.flags}
    given: dict[str, Any] = {"paths": []}
    rest = list(reversed(arguments))
    while rest:
        word = rest.pop()
        if _is_plain(word):
            given["paths"].append(word)
            continue
        flag, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        option = by_flag.get(flag)
        if option is None or (equals and option.kind == "flag"):
            return None
        if option.kind == "flag":
            given[option.name] = True
            continue
        if not equals:
            # A word that looks like an option may be a value left out: Typer knows how to say so.
            if not rest or not _is_plain(rest[-1]):
                return None
            value = rest.pop()
        if option.choices and value not in option.choices:
            return None
        if option.kind == "list":
            given.setdefault(option.name, []).append(value)
        else:
            given[option.name] = value
    return given


def _is_plain(word: str) -> bool:
    return word == "-" or not word.startswith("-")


def parse(arguments: Sequence[str]) -> CheckOptions | None:
    """The options in a command line, or None for anything unusual, which is then Typer's to answer."""
    given = gather(arguments, OPTIONS)
    return None if given is None else collect(given)


def collect(given: Mapping[str, Any]) -> CheckOptions:
    """The options from what a door gathered: for each name a list of values, a single value, a flag, or nothing."""
    kinds = {option.name: option for option in OPTIONS}
    values: dict[str, Any] = {}
    for field in fields(CheckOptions):
        value = given.get(field.name)
        if value is None or value == []:
            continue
        option = kinds.get(field.name)
        if option is None:
            values[field.name] = tuple(value)
        elif option.kind == "list":
            parts = (part.strip() for each in value for part in each.split(","))
            values[field.name] = tuple(part for part in parts if part) if option.commas else tuple(value)
        elif option.kind == "flag":
            values[field.name] = bool(value)
        else:
            values[field.name] = value
    return CheckOptions(**values)
