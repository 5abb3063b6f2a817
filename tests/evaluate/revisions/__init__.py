"""One revision for each way in which real migrations are written; `test_agreement` reads and runs them."""
