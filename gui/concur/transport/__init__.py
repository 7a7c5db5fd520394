"""The one way out to Concur. Only the modules of this package know `requests` and `urllib3`."""

from gui.concur.transport.machine import proxy_for
from gui.concur.transport.send import OutboundRequest, Transport, WireLimits

__all__ = ["OutboundRequest", "Transport", "WireLimits", "proxy_for"]
