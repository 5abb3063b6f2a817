"""Side-by-side measurements that anyone can repeat; outside the pipeline, never imported by it."""
