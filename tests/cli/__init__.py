"""Tests of the command line, in the process and as real processes."""
