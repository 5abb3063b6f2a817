"""YAML as workflow and compose files use it, with the line of everything.

A reader of our own: `doctor` has to work wherever `check` does, and no installation has a YAML library for
sure. All scalars stay text. What it does not know (complex keys, tabs as indentation) is a `YamlError` that
names the line, so that nobody takes a file for read that was not. https://yaml.org/spec/1.2.2/
"""

from migrate_guard.doctor.read.yaml.blocks import read_yaml
from migrate_guard.doctor.read.yaml.nodes import Node, YamlError

__all__ = ["Node", "YamlError", "read_yaml"]
