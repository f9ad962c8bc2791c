"""What every test rests on."""

from __future__ import annotations

import signal

# Where the tests run in the background of a script, Ctrl-C is ignored, and so it would be in every command they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
