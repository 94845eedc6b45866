"""Draw the README's picture from real output: what `iamlint check` says of an example, on a terminal, as SVG.

    python scripts/picture.py [FILE]

The fonts are the reader's own: the picture loads nothing from anywhere.
"""

import io
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "check.svg"
COMMAND = ("check", "--select", "IAM101,IAM110,IAM301", "examples/reader-wrong/permissions.json")

FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def output() -> str:
    """What the command of the picture prints, in colour."""
    command = [sys.executable, "-m", "iamlint.cli.main", *COMMAND, "--color", "always"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def draw(path: Path = PICTURE) -> None:
    """Write the picture."""
    console = Console(record=True, width=120, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ iamlint {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(output()))
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        console.export_svg(title="iamlint", theme=MONOKAI, code_format=FORMAT, unique_id="iamlint"), encoding="utf-8"
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
