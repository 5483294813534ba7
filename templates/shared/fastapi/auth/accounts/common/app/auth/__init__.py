"""Accounts, and who is signed in. What other parts may use is in `dependencies.py`."""
