"""A newcomer's first hour, with a stop-watch."""
