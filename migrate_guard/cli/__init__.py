"""The `migrate-guard` command: one module per subcommand, and the only home of click."""


def main() -> None:
    """Run the command."""
