"""`python -m parley`, where there is no `parley` on the path."""

import sys

from parley.cli import main

sys.exit(main())
