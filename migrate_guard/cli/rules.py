"""`migrate-guard rules`: every rule with its family, level and databases."""

from __future__ import annotations

import click

from migrate_guard.cli import output


@click.command("rules")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them."
)
def command(form: str) -> None:
    """List every rule."""
    from migrate_guard.rule_list import all_rules

    rows = [
        {
            "name": rule.info.name,
            "family": rule.info.family,
            "severity": str(rule.info.severity),
            "dialects": sorted(rule.info.dialects),
            "summary": rule.info.summary,
        }
        for rule in all_rules()
    ]
    if form == "json":
        import json

        output.write(json.dumps(rows, indent=2) + "\n")
        return
    output.write(
        _table([(str(r["family"]), str(r["name"]), str(r["severity"]), str(r["summary"])) for r in rows])
    )


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the rules under their families, with the columns aligned."""
    widest = max((len(name) for _, name, _, _ in rows), default=0)
    lines: list[str] = []
    family = None
    for own, name, severity, summary in rows:
        if own != family:
            lines += ["", own] if lines else [own]
            family = own
        lines.append(f"  {name:<{widest}}  {severity:<7}  {summary}")
    return "\n".join(lines) + "\n" if lines else ""
