"""Makes `import evenload` work, whether it is installed or travels with this integration.

A release carries the library in `library/` beside this file. It then goes before any other copy
on the path: an integration must not meet a library of another version. A checkout has no such
folder; there the library is installed.
"""

import sys
from pathlib import Path

LIBRARY = Path(__file__).parent / "library"

if LIBRARY.is_dir() and str(LIBRARY) not in sys.path:
    sys.path.insert(0, str(LIBRARY))
