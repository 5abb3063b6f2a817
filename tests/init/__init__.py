"""Tests of `migrate_guard.init`."""
