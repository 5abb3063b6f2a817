"""Tests of reading raw SQL."""
