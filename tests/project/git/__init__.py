"""Tests of what git is asked, in scratch repositories that the tests drive."""
