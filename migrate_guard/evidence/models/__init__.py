"""Models as evidence: what the project's MetaData has, held against the replayed history.

The project's own interpreter loads the models and runs Alembic's comparators over the replayed schema
(`compare`); what those are blind to is compared here (`unseen`). Nothing is imported by the package itself:
most runs need only the names of `difference`.
"""
