"""Rules about `env.py` and the ini file, which are read and never run."""
