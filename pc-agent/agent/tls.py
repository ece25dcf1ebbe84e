"""Encrypted connections: whom the agent trusts, and what is wrong with a certificate. There is no "verify off"."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from pathlib import Path

from agent.errors import ConfigError

_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAMES = (62, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH (x509_vfy.h)."""


def context(url: str, ca: Path | None) -> ssl.SSLContext | None:
    """What verifies the server of `url`; None for an address without encryption.

    With `ca`, a PEM file, only what that CA has signed is trusted, otherwise what this PC's own store trusts. Raises
    ConfigError where the file can't be used, or would be without effect.
    """
    if not url.startswith(("wss:", "https:")):
        if ca is not None:
            raise ConfigError(
                f"backend.ca is {ca}, but {url} encrypts nothing. Expected an address that begins with wss:// in "
                "backend.url (or no backend.ca)."
            )
        return None
    expected = "Expected a PEM file that begins with -----BEGIN CERTIFICATE----- (or BACKEND_CA)."
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except FileNotFoundError:
        raise ConfigError(f"backend.ca is {ca}, and there is no such file. {expected}") from None
    except (ssl.SSLError, OSError) as error:
        raise ConfigError(f"backend.ca is {ca}, which is no certificate ({_reason(error)}). {expected}") from None


def explain(error: ssl.SSLError, host: str, ca: Path | None) -> str:
    """Why no encrypted connection to `host` came about, and what to do."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"no encrypted connection to {host} ({_reason(error)}). Check the port, and that TLS is on there"
    if error.verify_code == _EXPIRED:
        return f"the certificate of {host} has expired. Renew it on the server, or set this PC's clock if that is ahead"
    if error.verify_code == _NOT_YET:
        return f"the certificate of {host} isn't valid yet. Set this PC's clock, which seems to be behind"
    if error.verify_code in _OTHER_NAMES:
        return (
            f"the certificate isn't for {host} but for another name. Put its name into backend.url, or get a "
            f"certificate for {host}"
        )
    if ca is not None:
        return f"the certificate of {host} wasn't issued by the CA in {ca} (backend.ca): {error.verify_message}"
    return (
        f"the certificate of {host} wasn't issued by a CA that this PC trusts: {error.verify_message}. Name the "
        "certificate of the venue's own CA in backend.ca (or BACKEND_CA)"
    )


def days_left(address: tuple[str, int], context: ssl.SSLContext, now: datetime) -> float:
    """Days until the certificate of the server at `address` runs out. Raises OSError, of which ssl.SSLError is one."""
    with (
        socket.create_connection(address, timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=address[0]) as encrypted,
    ):
        certificate = encrypted.getpeercert() or {}
    return (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - now.timestamp()) / 86_400


def _reason(error: ssl.SSLError | OSError) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return str(error)
