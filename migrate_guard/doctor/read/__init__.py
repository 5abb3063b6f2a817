"""Reading of what deploys and tests a project: workflow files, compose files, Dockerfiles, scripts."""
