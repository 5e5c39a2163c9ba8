"""`Self`, which Python has from 3.11 on. Type checkers have it everywhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self
elif sys.version_info >= (3, 11):
    from typing import Self
else:
    Self = Any

__all__ = ["Self"]
