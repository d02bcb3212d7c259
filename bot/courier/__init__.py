"""Who brings to Slack what is owed to it, in order and once, whatever dies when?"""

from bot.courier.attempts import Deliver
from bot.courier.carrying import LEASE, Courier
from bot.courier.losses import LeftToNewer, Tell, Told

__all__ = ["LEASE", "Courier", "Deliver", "LeftToNewer", "Tell", "Told"]
