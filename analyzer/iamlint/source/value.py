"""Files of ours, such as assertions: one YAML or JSON value with its places. Knows no policy and no schema."""

from iamlint.errors import IamlintError
from iamlint.source.document import Document
from iamlint.source.file import decode
from iamlint.source.json_reader import read_json
from iamlint.source.sniff import JSON, format_by_name, format_by_text


def read_value(path: str) -> Document:
    """The value in a file, which must be without fault.

    Raises:
        IamlintError: The file cannot be read, or not as it stands.
    """
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise IamlintError(f"`{path}` cannot be read: {reason}", help="check the path") from error
    file, garbled = decode(path, data)
    form = format_by_name(path)
    if JSON in (form, format_by_text(file.text) if form != "yaml" else form):
        documents: tuple[Document, ...] = (read_json(file),)
    else:
        from iamlint.source.yaml_reader import read_yaml  # noqa: PLC0415 - slow to import

        documents = read_yaml(file)
    problems = (*garbled, *(problem for document in documents for problem in document.problems))
    if problems:
        line, column = file.position(problems[0].span.start)
        raise IamlintError(f"{path}:{line}:{column}: {problems[0].message}", help=problems[0].help)
    return documents[0]
