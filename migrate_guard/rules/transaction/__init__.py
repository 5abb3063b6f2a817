"""Rules about transactions and what refuses to run in one."""
