"""What a PDF says of its own parts, for who listens to it: headings, paragraphs, lists, tables.

fpdf2 tags pictures only, in a flat list; here its list becomes a tree. Its inner names are used,
which its pinned version keeps; ``tests/web/test_paper.py`` reads the tags back.
"""

from collections.abc import Iterator
from typing import Any

from fpdf.output import OutputProducer
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject


class Part(StructElem):
    """A part of a document: a group of parts, or what one marked stretch of a page shows."""

    #: Attributes, where a part has some.
    a: str | None = None


class Tags(StructureTreeBuilder):
    """The parts of a document as a tree, in the order in which they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []

    def group(
        self,
        kind: str,
        page: int,
        *,
        within: StructElem | None = None,
        scope: str | None = None,
    ) -> Part:
        """A part that is made of others, as ``/Table`` or ``/LI``; by default of the document.

        ``scope`` says what the head of a column (``/Column``) or of a row (``/Row``) names.
        """
        parent = within or self.doc_struct_elem
        part = Part(kind, parent, [], page_number=page)
        part.a = f"<</O /Table /Scope {scope}>>" if scope else None
        parent.k.append(part)
        self.parts.append(part)
        return part

    def stretch(
        self,
        kind: str,
        page: int,
        *,
        within: StructElem | None = None,
        alt: str | None = None,
    ) -> int:
        """A part that one stretch of ``page`` shows; returns the number that marks the stretch."""
        parent = within or self.doc_struct_elem
        on_page = self.spid_per_page_number.setdefault(page, len(self.spid_per_page_number))
        shown = self.struct_tree_root.parent_tree.nums[on_page]
        part = Part(kind, parent, [len(shown)], page_number=page, alt=alt)
        parent.k.append(part)
        shown.append(part)
        self.parts.append(part)
        return len(shown) - 1

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from self.parts


class TaggedOutput(OutputProducer):
    """Writes a document whose parts are a tree: each knows its page, however deep it stands."""

    def _insert_resources(self, page_objs: Any) -> None:
        super()._insert_resources(page_objs)
        tags = self.fpdf.struct_builder
        for part in tags.parts if isinstance(tags, Tags) else ():
            part.pg = page_objs[(part.page_number() or 1) - 1]
