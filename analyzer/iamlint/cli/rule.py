"""`iamlint rule` and `iamlint rules`: a rule's manual, the list, and a new rule's file."""

from pathlib import Path
from typing import Annotated

import typer

from iamlint.cli import scaffold
from iamlint.cli.console import write
from iamlint.errors import IamlintError
from iamlint.registry import AnyRule, find, load_rules
from iamlint.testing import reading_form

app = typer.Typer()
rules_app = typer.Typer(invoke_without_command=True)


@app.command("rule")
def show(word: Annotated[str, typer.Argument(metavar="CODE|NAME", help="Such as IAM201 or covered-action.")]) -> None:
    """Show a rule's manual."""
    write(manual(find(load_rules(), word)))


def manual(rule: AnyRule) -> list[str]:
    """A rule's manual as Markdown for people, in parts."""
    facts = [f"severity {rule.severity}", f"confidence {rule.confidence}", f"category {rule.category}"]
    if rule.kinds is not None:
        facts.append("for " + ", ".join(sorted(kind.value for kind in rule.kinds)) + " policies")
    if rule.aws:
        facts.append("Access Analyzer " + ", ".join(rule.aws))
    if rule.parliament:
        facts.append("parliament " + ", ".join(rule.parliament))
    if rule.fixable:
        facts.append("has a fix")
    return [f"# {rule.name} ({rule.code})\n\n", " · ".join(facts), "\n\n", reading_form(rule.manual), "\n"]


@rules_app.callback()
def list_rules(
    context: typer.Context,
    output: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="How to write it [text|json].")
    ] = "text",
) -> None:
    """List the rules: code, name, severity, confidence, AWS's code, fixable."""
    if context.invoked_subcommand is not None:
        return
    if output not in ("text", "json"):
        raise IamlintError(f"`--format` cannot be `{output}`", help="one of: text, json")
    rules = load_rules()
    write(_as_json(rules) if output == "json" else _as_text(rules))


def _as_text(rules: tuple[AnyRule, ...]) -> list[str]:
    wide = max((len(rule.name) for rule in rules), default=0)
    lines, category = [], ""
    for rule in rules:
        if rule.category != category:
            category = rule.category
            lines.append(f"{category}\n")
        fixable = "fix" if rule.fixable else "   "
        aws = " ".join(rule.aws)
        lines.append(
            f"  {rule.code}  {rule.name:<{wide}}  {rule.severity:<8}  {rule.confidence:<6}  {fixable}  {aws}".rstrip()
        )
        lines.append("\n")
    return lines


def _as_json(rules: tuple[AnyRule, ...]) -> list[str]:
    import json  # noqa: PLC0415

    values = [
        {
            "code": rule.code,
            "name": rule.name,
            "category": rule.category,
            "title": rule.title,
            "severity": rule.severity.value,
            "confidence": rule.confidence.value,
            "policy_types": None if rule.kinds is None else sorted(kind.value for kind in rule.kinds),
            "access_analyzer": list(rule.aws),
            "parliament": list(rule.parliament),
            "fixable": rule.fixable,
        }
        for rule in rules
    ]
    return [json.dumps(values, indent=2), "\n"]


@rules_app.command("new")
def new(
    category: Annotated[str, typer.Argument(help="The folder, such as breadth.")],
    name: Annotated[str, typer.Argument(help="What the rule catches, such as star-principal.")],
    pack: Annotated[
        Path | None, typer.Option("--pack", metavar="FOLDER", help="The pack's folder; iamlint's own by default.")
    ] = None,
) -> None:
    """Write a new rule's file, with the headings to fill."""
    path = scaffold.write_rule(category, name, pack, load_rules())
    write([f"{path}\n"])


app.add_typer(rules_app, name="rules", help="List the rules, or write a new one's file.")
