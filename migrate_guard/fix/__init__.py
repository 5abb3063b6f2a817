"""Edits of revisions that keep comments and layout; the only home of libcst. Nothing lives here yet."""
