"""Tests of what counts and what is silenced."""
