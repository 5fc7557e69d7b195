"""Where the service may go at each connection: what an address meant when it was typed, its name may not mean tomorrow.

An answer of the DNS that passes while somebody edits and leads inside later is an attack (DNS rebinding). So every
connection is judged again, and goes to a number that was judged. What the configuration file names is not judged:
whoever writes that has the machine.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress

from footfall.access.outbound import judged
from footfall.core.errors import ConfigError
from footfall.core.ports import Lead
from footfall.serve.compiled import Compiled, Compiler
from footfall.serve.fence import Fence, key_of
from footfall.serve.history import History
from footfall.sinks.spec import RemoteAddress


class Escort:
    """Asked by everything that connects to an address of the configuration; from any thread.

    Args:
        fence: how far it is.
    """

    def __init__(self, fence: Fence) -> None:
        self._fence = fence
        self._relied: frozenset[Hashable] = frozenset()

    def rely_on(self, compiled: Compiled | None) -> None:
        """What the configuration file names, from now on; None: there is none, or it does not run."""
        self._relied = frozenset() if compiled is None else self._fence.keys(compiled)

    def lead(self, to: str | RemoteAddress) -> Lead:
        """For one address: of a camera, or of a receiver."""
        key, reach = key_of(to), self._fence.reach(to)

        def ask(host: str, port: int) -> Sequence[str]:
            if key in self._relied:
                return ()
            return judged(host, port, reach, self._fence.resolve).addresses

        return ask


def told_by(author: str, history: History, compiler: Compiler, secrets: Mapping[str, str]) -> Compiled | None:
    """What an author has asked for last; None where that does not run any more, or was nothing."""
    text = history.latest_text(author)
    if text is not None:
        with suppress(ConfigError):
            return compiler.compile(text, secrets)
    return None
