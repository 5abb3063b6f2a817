"""From Python and raw SQL to operations, without running either; second stage of the pipeline.

`revision.evaluate` reads one direction of one revision; `history.History` does so for every revision, each
on the schema that its ancestors built.
"""
