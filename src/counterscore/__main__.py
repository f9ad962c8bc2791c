"""``python -m counterscore`` is the same as ``counterscore``."""

import sys

from counterscore.cli import main

sys.exit(main())
