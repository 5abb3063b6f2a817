"""The revision graph as it is drawn: what each revision is marked with, and where its lines run.

Takes the graph of the first stage and the findings of the last; every format of `migrate-guard graph` draws
what is made here.
"""

from migrate_guard.drawing.build import Part, drawing
from migrate_guard.drawing.lanes import Edge, Layout, Row, lay_out
from migrate_guard.drawing.model import Drawing, Node

__all__ = ["Drawing", "Edge", "Layout", "Node", "Part", "Row", "drawing", "lay_out"]
