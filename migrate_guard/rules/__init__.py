"""What we say: one module per rule, in a folder per family; sixth stage of the pipeline.

The module's name is the rule's name, the folder's name its family; `rules/<family>/<name>.md` at the top
of the repository is its page. Adding the two files adds the rule.
"""
