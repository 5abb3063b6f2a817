"""Tests of what the dialects claim, on real servers where there are any."""
