"""Anything → Document: readers that keep the exact place of every key and value. Knows no rule and no decision."""

from iamlint.source.document import Child, Document, Found, Reading
from iamlint.source.file import File, Problem
from iamlint.source.reading import read
from iamlint.source.walk import expand, read_file

__all__ = ["Child", "Document", "File", "Found", "Problem", "Reading", "expand", "read", "read_file"]
