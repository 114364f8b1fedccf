"""A dossier as PDF, set by Typst. Texts are handed over as JSON data, so that no name can become code."""

import json
import re
from functools import cache

import typst

from graph.model.errors import BadInput
from reports.dossier_context import Context
from reports.places import TEMPLATES

# By language, first choice first; any of them shows the Chinese in names.
FONTS: dict[str, tuple[str, ...]] = {
    "sans": ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei"),
    "serif": ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "AR PL UMing CN"),
}
# Tried in turn until two pages hold it all; below the last it is not readable on paper any more.
SIZES = (9.0, 8.6, 8.2, 7.8, 7.4, 7.0)
PAGES = 2
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


def write_pdf(context: Context, name: str, families: frozenset[str] | None = None) -> bytes:
    """The document; the same context and fonts give the same bytes. Raises BadInput when no Chinese font is here.

    `families` are the fonts there are; None: those of this machine.
    """
    fonts = chinese_fonts(families)
    if not fonts:
        raise BadInput(
            "No font with Chinese characters was found, and a PDF needs one. Install the Debian package fonts-noto-cjk "
            "(apt-get install fonts-noto-cjk), or take docx or html."
        )
    data = json.dumps({**context, "fonts": fonts}, ensure_ascii=False, sort_keys=True)
    made = _compiled(name, data, SIZES[0])
    # A little smaller when that saves a page, as for the last line of one; and down to the last when it must be.
    for size in SIZES[1:2] if pages_of(made) <= PAGES else SIZES[1:]:
        smaller = _compiled(name, data, size)
        if pages_of(smaller) < pages_of(made):
            made = smaller
        if pages_of(made) <= PAGES:
            break
    return made


def chinese_fonts(families: frozenset[str] | None = None) -> list[str]:
    """The fonts of this machine that we know to hold Chinese, first choice first."""
    known = _families() if families is None else families
    return [font for kind in FONTS.values() for font in kind if font in known]


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of Typst has: it writes page objects in the clear."""
    return len(_PAGE.findall(pdf))


def _compiled(name: str, data: str, size: float) -> bytes:
    source = (TEMPLATES / f"{name}.typ").read_bytes()
    # Nothing is read but the template: no packages, no files, no clock.
    made = typst.compile(source, format="pdf", sys_inputs={"data": data, "size": str(size)}, timestamp=0)
    assert isinstance(made, bytes)
    return made


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())
