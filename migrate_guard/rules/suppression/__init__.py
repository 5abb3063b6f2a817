"""What is wrong with ignore comments themselves."""
