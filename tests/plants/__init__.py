"""Bugs planted in generated projects, and what ``scaffold check`` shows of them: ``python -m tests.plants``."""
