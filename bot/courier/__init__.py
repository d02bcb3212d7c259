"""Who brings to Slack what is owed to it, in order and once, whatever dies when?"""

from bot.courier.carrying import LEASE, Courier, Deliver

__all__ = ["LEASE", "Courier", "Deliver"]
