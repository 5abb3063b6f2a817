"""Tests of what the rules about `env.py` and the ini file claim."""
