"""Tests of the revision graph as it is drawn."""
