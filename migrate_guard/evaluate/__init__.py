"""From Python and raw SQL to operations, without running either; second stage of the pipeline."""
