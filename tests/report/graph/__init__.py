"""Tests of the formats of the revision graph."""
