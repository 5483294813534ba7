"""Checks of good projects on a machine that is made busy by them; see :mod:`tests.load.__main__`."""
