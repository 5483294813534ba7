"""What every test needs, wherever the run was started."""

from __future__ import annotations

import signal

# A shell that starts a job in the background makes it ignore Ctrl-C, and nohup the end of the terminal; whatever the
# job starts inherits that, and the tests that send these signals would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
