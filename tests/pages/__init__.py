"""The commands in a project's README and docs/api.md, pasted into a shell, twice, against the running project."""
