"""Makes the Word templates: `python -m reports.templates.build`. What it makes is committed; an office edits a copy.

What something looks like is a style (Heading 1, Table Grid, List Bullet ...), so that an office changes it in one
place. Tags are those of docs/dossier.md. East Asian fonts are the usual ones of government papers.
"""

import sys
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from reports.dossier_context import LABELS
from reports.packing import packed
from reports.places import TEMPLATES
from reports.voice import LANGS, Lang

_ACCENT = RGBColor(0x0B, 0x4F, 0x7A)
_SOFT = RGBColor(0x59, 0x63, 0x6E)
_FONTS: dict[Lang, tuple[str, str, str]] = {
    "zh": ("Times New Roman", "宋体", "黑体"),
    "en": ("Calibri", "宋体", "黑体"),
}
_WIDTH = 182.0


def build(lang: Lang) -> bytes:
    """A template as the bytes of a .docx, the same every time."""
    document = Document()
    _page(document)
    _styles(document, lang)
    document.core_properties.author = "rechain"
    document.core_properties.title = ""
    document.core_properties.comments = ""

    def label(name: str) -> str:
        return LABELS[name][0 if lang == "zh" else 1]

    document.add_paragraph(label("kind"), "Soft")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ subtitle }}", "Subtitle")
    document.add_paragraph("{{ summary }}", "Summary")
    document.add_heading(label("who"), 1)
    _facts(document, "row in who", "{{ row.label }}", "{{ row.text }}")
    document.add_heading(label("makes"), 1)
    _grid(
        document,
        "row in makes",
        [
            (label("product"), "{{ row.product }}", 52, False),
            (label("counts"), "{{ row.kind }}", 36, False),
            (label("amount"), "{{ row.amount }}", 48, True),
            (label("date"), "{{ row.date }}", 30, False),
            (label("source"), "{{ row.refs }}", 16, False),
        ],
    )
    _more(document, "makes_more")
    document.add_heading(label("ties"), 1)
    _facts(document, "row in ties", "{{ row.label }}", "{{ row.text }}")
    _paragraphs(
        document,
        "if uses.entries",
        f"{label('uses')}{'：' if lang == 'zh' else ': '}{{{{ uses.text }}}}",
        "Normal",
        "if",
    )
    document.add_heading(label("projects"), 1)
    _grid(
        document,
        "row in projects",
        [
            (label("project"), "{{ row.project }}", 42, False),
            (label("place"), "{{ row.place }}", 25, False),
            (label("status"), "{{ row.status }}", 26, False),
            (label("size"), "{{ row.size }}", 32, False),
            (label("money"), "{{ row.money }}", 21, True),
            (label("completion"), "{{ row.completion }}", 19, False),
            (label("source"), "{{ row.refs }}", 17, False),
        ],
    )
    _more(document, "projects_note")
    _more(document, "projects_more")
    document.add_heading(label("reasons"), 1)
    _paragraphs(document, "for row in reasons", "{{ row.full }}", "List Bullet")
    _more(document, "reasons_more")
    document.add_heading(label("terms"), 1)
    _paragraphs(document, "for row in policies", "{{ row.full }}", "List Bullet")
    _more(document, "policies_more")
    _paragraphs(document, "for row in offers", "{{ row.full }}", "List Bullet")
    _more(document, "offers_more")
    document.add_heading(label("questions"), 1)
    _paragraphs(document, "for row in questions", "{{ row.full }}", "List Bullet")
    _more(document, "questions_more")
    document.add_heading(label("sources"), 1)
    document.add_paragraph(
        "{% for row in sources %}[{{ row.number }}] {{ row.text }}{% if not loop.last %}"
        + ("；" if lang == "zh" else "; ")
        + "{% endif %}{% endfor %}",
        "Sources",
    )
    document.add_paragraph("{{ foot }}", "Sources")
    _footer(document)
    return packed(document)


def _page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _WIDTH) / 2)
    section.top_margin, section.bottom_margin = Mm(12), Mm(13)
    section.header_distance, section.footer_distance = Mm(6), Mm(6)


def _styles(document: DocumentType, lang: Lang) -> None:
    latin, body, heading = _FONTS[lang]
    _style(document, "Normal", latin, body, 9, after=1)
    _style(document, "Title", latin, heading, 16, bold=True, colour=_ACCENT, after=1)
    _style(document, "Subtitle", latin, body, 8.5, colour=_SOFT, after=3)
    _style(document, "Heading 1", latin, heading, 10.5, bold=True, colour=_ACCENT, before=5, after=1)
    _style(document, "List Bullet", latin, body, 9, after=0.5)
    bullets = document.styles["List Bullet"]
    assert isinstance(bullets, ParagraphStyle)
    bullets.paragraph_format.left_indent, bullets.paragraph_format.first_line_indent = Mm(4), Mm(-4)
    for name, size, colour in (("Soft", 8, _SOFT), ("Summary", 9.5, None), ("Sources", 7, _SOFT), ("Cell", 8.5, None)):
        document.styles.add_style(name, 1).base_style = document.styles["Normal"]
        _style(document, name, latin, body, size, colour=colour, after=3 if name == "Summary" else 1)
    for name in ("Normal", "Title", "Heading 1"):
        properties = document.styles[name].element.get_or_add_rPr()
        told = OxmlElement("w:lang")
        # Latin words in Chinese text are still Latin: as Chinese they would be broken anywhere.
        told.set(qn("w:val"), "en-GB")
        told.set(qn("w:eastAsia"), "zh-CN")
        properties.append(told)
    summary = document.styles["Summary"].element.get_or_add_pPr()
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF4F8")):
        shade.set(qn(f"w:{name}"), value)
    summary.append(shade)
    # The stock title has a line below it, which the subtitle would stand under.
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)


def _style(
    document: DocumentType,
    name: str,
    latin: str,
    east: str,
    size: float,
    *,
    bold: bool = False,
    colour: RGBColor | None = None,
    before: float = 0,
    after: float = 0,
) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = latin, Pt(size), bold, False
    style.font.color.rgb = colour or RGBColor(0x1B, 0x1F, 0x24)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Theme fonts would win over the names.
    for theme in [one for one in fonts.attrib if "Theme" in one]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), latin)
    fonts.set(qn("w:eastAsia"), east)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.0


def _facts(document: DocumentType, loop: str, first: str, second: str) -> None:
    """A table of two columns without lines: label and text."""
    table = _table(document, [24, _WIDTH - 24], "Normal Table")
    _loop(table, f"for {loop}")
    row = _row(table)
    _put(row[0], first, bold=True)
    _put(row[1], second)
    _loop(table, "endfor")
    _fit(table, [24, _WIDTH - 24])


def _grid(document: DocumentType, loop: str, columns: list[tuple[str, str, float, bool]]) -> None:
    """A table with heads: head, tag, width in mm, whether to the right."""
    widths = [width for _, _, width, _ in columns]
    table = _table(document, widths, "Table Grid")
    heads = _row(table)
    for cell, (head, _, _, right) in zip(heads, columns, strict=True):
        _put(cell, head, bold=True, right=right)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    _loop(table, f"for {loop}")
    row = _row(table)
    for cell, (_, tag, _, right) in zip(row, columns, strict=True):
        _put(cell, tag, right=right)
    _loop(table, "endfor")
    _fit(table, widths)


def _table(document: DocumentType, widths: list[float], style: str) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style=style)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if style == "Table Grid":
        _lines(table)
    return table


def _lines(table: Table) -> None:
    """Thin lines between rows only."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C9D1D9")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side in ("left", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _row(table: Table) -> tuple[_Cell, ...]:
    row = table.add_row()  # type: ignore[no-untyped-call]
    return tuple(row.cells)


def _loop(table: Table, tag: str) -> None:
    """A row that only carries a tag: docxtpl takes it out."""
    _put(_row(table)[0], f"{{%tr {tag} %}}")


def _fit(table: Table, widths: list[float]) -> None:
    for row in table.rows:
        apart = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(apart)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _put(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(text).bold = bold or None
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _paragraphs(document: DocumentType, tag: str, text: str, style: str, end: str = "for") -> None:
    document.add_paragraph(f"{{%p {tag} %}}")
    document.add_paragraph(text, style)
    document.add_paragraph(f"{{%p end{end} %}}")


def _more(document: DocumentType, name: str) -> None:
    _paragraphs(document, f"if {name}", f"{{{{ {name} }}}}", "Soft", "if")


def _footer(document: DocumentType) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = "Soft"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def main() -> None:
    """Write both templates, here or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES
    for lang in LANGS:
        (folder / f"dossier-{lang}.docx").write_bytes(build(lang))


if __name__ == "__main__":
    main()
