"""The errors of the agent, named after the reaction that they call for."""

from __future__ import annotations


class AgentError(Exception):
    """Any error whose text is meant for the person who runs the station."""


class ConfigError(AgentError):
    """The configuration can't be used. The text names file, key and expected value; the agent doesn't start."""


class NotReached(AgentError):
    """The server can't be reached, or not in a way that can be trusted. Trying again may help."""


class Refused(AgentError):
    """The server was reached and says no; the text says why. A person has to do something first."""


class MalformedMessage(AgentError):
    """A message of the server can't be read. It is counted and refused; the connection goes on."""


class Unsupported(AgentError):
    """This backend can't do this here, and the text says why. Nobody should try again."""


class ActionFailed(AgentError):
    """The system refused what the backend asked of it. Trying again may help."""
