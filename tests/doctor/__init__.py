"""Tests of `doctor`: what it reads, and what its checks say of bad and good set-ups."""
