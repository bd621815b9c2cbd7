"""The catalogue: which body belongs to which message id, both ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.protocols.jt808 import position_messages, session_messages
from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.header import Edition


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message that isn't declared here, kept raw."""

    message_id: int
    body: bytes

    def encode(self, _edition: Edition) -> bytes:
        return self.body


MESSAGES: Mapping[int, type[Message]] = MappingProxyType(
    {
        message.message_id: message
        for message in (
            session_messages.TerminalAnswer,
            session_messages.TerminalHeartbeat,
            session_messages.LogOut,
            session_messages.TimeQuery,
            session_messages.TerminalResendRequest,
            session_messages.Registration,
            session_messages.Authentication,
            position_messages.PositionMessage,
            position_messages.PositionBatch,
            session_messages.PlatformAnswer,
            session_messages.PlatformResendRequest,
            session_messages.TimeAnswer,
            session_messages.RegistrationAnswer,
        )
    }
)


def decode_message(message_id: int, body: bytes, edition: Edition) -> Message | UnknownMessage:
    """Return the message of that id. Raises FieldError when the body doesn't hold its fields."""
    message = MESSAGES.get(message_id)
    return UnknownMessage(message_id, body) if message is None else message.decode(body, edition)
