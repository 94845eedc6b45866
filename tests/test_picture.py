"""The README's picture shows what iamlint really says."""

import html
import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def words(svg: str) -> str:
    """The text of a picture, without its drawing."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return html.unescape("\n".join(texts)).replace("\N{NO-BREAK SPACE}", " ")


def test_picture_is_true(tmp_path: Path) -> None:
    """Drawn again, the picture says the same; it loads nothing from anywhere."""
    runpy.run_path(str(ROOT / "scripts" / "picture.py"))["draw"](tmp_path / "check.svg")
    drawn, shipped = (tmp_path / "check.svg").read_text(), (ROOT / "docs" / "check.svg").read_text()

    assert words(drawn) == words(shipped)
    assert "s3:GetObjekt" in words(shipped)
    assert "url(http" not in shipped
    assert "@import" not in shipped
