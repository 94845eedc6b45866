"""The list of Regions against botocore's."""

import json
from pathlib import Path

import pytest

from iamlint.catalog import REGIONS

botocore = pytest.importorskip("botocore")
PARTITIONS = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text("utf-8"))["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: str(partition["id"]))
@pytest.mark.skipif(botocore.__version__ != "1.44.5", reason="the list is of another version")
def test_regions_are_botocores(partition: dict[str, object]) -> None:
    """No partition and no Region is missing or too many; botocore's pseudo-Regions are none."""
    regions = partition["regions"]

    assert isinstance(regions, dict)
    assert sorted(REGIONS[str(partition["id"])]) == sorted(name for name in regions if not name.endswith("-global"))
    assert len(REGIONS) == len(PARTITIONS)
