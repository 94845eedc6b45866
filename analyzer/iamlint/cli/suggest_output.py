"""`iamlint suggest` at work: a suggestion on stdout, on stderr and in files. Knows not how it comes about."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from iamlint.cli.console import note, write
from iamlint.cli.suggest_options import FORMATS, wish
from iamlint.errors import IamlintError
from iamlint.suggest.suggestion import Suggestion, suggest


def run(given: Mapping[str, Any]) -> int:
    """Do what the options ask for: files first, then stdout; the explanation goes to stderr unless stdout holds it.

    Returns:
        The exit code, 0.

    Raises:
        IamlintError: It cannot be done as asked.
    """
    output, out_dir = given.get("format") or "policy", given.get("out_dir")
    if output not in FORMATS:
        raise IamlintError(f"`--format` cannot be `{output}`", help=f"one of: {', '.join(FORMATS)}")
    if out_dir == "":
        raise IamlintError("`--out-dir` names no folder", help="`--out-dir .` writes to the current one")
    suggestion = suggest(**wish(given))
    if out_dir is not None:
        write_files(Path(out_dir), _files(suggestion))
    if not given.get("quiet") and output != "json":
        for line in _explanation(suggestion, out_dir):
            note(line)
    write([_text(as_mapping(suggestion) if output == "json" else suggestion.policy)], given.get("output_file"))
    return 0


def as_mapping(suggestion: Suggestion) -> dict[str, Any]:
    """All of it, for `--format json`, version 1."""
    role = suggestion.role
    return {
        "version": 1,
        "catalogue": {"date": suggestion.catalogue_date},
        "policy": suggestion.policy,
        "trust_policy": role and role.trust_policy,
        "instance_profile": role and role.instance_profile,
        "deployer_policy": role and role.deployer_policy,
        "explanation": list(suggestion.explanation),
        "questions": list(suggestion.questions),
        "access_levels": {level: list(names) for level, names in suggestion.access_levels.items()},
        "checked": suggestion.checked,
        "drafted_by": suggestion.drafted_by,
        "placeholders": list(suggestion.placeholders),
    }


def _files(suggestion: Suggestion) -> dict[str, Any]:
    """The documents by file name; the instance profile in the words of `aws iam create-instance-profile`."""
    files: dict[str, Any] = {"permission-policy.json": suggestion.policy}
    if suggestion.role is not None:
        files["trust-policy.json"] = suggestion.role.trust_policy
        files["instance-profile.json"] = {"InstanceProfileName": suggestion.role.name}
        files["deployer-policy.json"] = suggestion.role.deployer_policy
    return files


def write_files(folder: Path, files: Mapping[str, Any]) -> None:
    """Write documents into a folder: every one is whole before the first is put in place.

    Raises:
        IamlintError: The folder or a file cannot be written.
    """
    scratch = {name: folder / f"{name}.{os.getpid()}.tmp" for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in files.items():
            scratch[name].write_text(_text(document), encoding="utf-8", newline="\n")
        for name, written in scratch.items():
            written.replace(folder / name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise IamlintError(f"`{folder}` cannot be written to: {reason}", help="choose another `--out-dir`") from error
    finally:
        for left in scratch.values():
            _remove(left)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return


def _explanation(suggestion: Suggestion, out_dir: str | None) -> Iterator[str]:
    if suggestion.placeholders:
        names = ", ".join(suggestion.placeholders)
        yield f"template: not to be used before these placeholders are filled in: {names}"
    for line in suggestion.explanation:
        yield f"note: {line}"
    if suggestion.drafted_by:
        yield f"note: drafted by {suggestion.drafted_by}, tightened with the catalogue of {suggestion.catalogue_date}"
    yield f"checked: {suggestion.checked}"
    yield from _role(suggestion, out_dir)
    for line in suggestion.questions:
        yield f"question: {line}"


def _role(suggestion: Suggestion, out_dir: str | None) -> Iterator[str]:
    role = suggestion.role
    if role is None:
        return
    if out_dir is not None:
        yield f"written to {out_dir}: {', '.join(_files(suggestion))}; to create the role:"
        yield from _commands(role.name, out_dir)
        return
    yield f"trust policy of the role `{role.name}`:"
    yield from _text(role.trust_policy).splitlines()
    yield f"instance profile: `{role.name}`, with the role `{role.name}` in it"
    yield "policy for the deployer:"
    yield from _text(role.deployer_policy).splitlines()
    yield "`--out-dir DIR` writes these to files, `--format json` prints them all"


def _commands(role: str, folder: str) -> Iterator[str]:
    trust, permissions, profile = (
        f"'file://{folder}/{name}.json'" for name in ("trust-policy", "permission-policy", "instance-profile")
    )
    yield f"  aws iam create-role --role-name {role} --assume-role-policy-document {trust}"
    yield f"  aws iam put-role-policy --role-name {role} --policy-name permissions --policy-document {permissions}"
    yield f"  aws iam create-instance-profile --cli-input-json {profile}"
    yield f"  aws iam add-role-to-instance-profile --instance-profile-name {role} --role-name {role}"


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
