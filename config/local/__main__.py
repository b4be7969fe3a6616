"""`python -m config.local`: what `make run` starts."""

import sys

from .supervisor import main

sys.exit(main())
