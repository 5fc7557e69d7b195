"""Obfuscated VIDEO_URLs: base64 of AES-CBC with PKCS#7 padding (spec/container.md section 4, RULE C3)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

KEY_BYTES = (16, 24, 32)
IV_BYTES = (16,)
_BLOCK = 16


def looks_obfuscated(url: str) -> bool:
    """Whether a VIDEO_URL can be such a text: no `://`, and base64 of whole AES blocks."""
    data = _base64(url)
    return "://" not in url and bool(data) and len(data) % _BLOCK == 0


def reveal(url: str, key: str, iv: str) -> str:
    """The clear URL.

    Raises:
        ValueError: the key or the IV has a wrong length, or they do not fit this text. Never quotes any of them.
    """
    cipher = Cipher(
        algorithms.AES(_secret(key, KEY_BYTES, "KEY_ENV")), modes.CBC(_secret(iv, IV_BYTES, "IV_ENV"))
    ).decryptor()
    padded = cipher.update(_base64(url)) + cipher.finalize()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    try:
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except ValueError:
        raise ValueError("KEY_ENV and IV_ENV do not fit this text") from None


def conceal(url: str, key: str, iv: str) -> str:
    """The inverse of `reveal`, for people who prepare a manifest.

    Raises:
        ValueError: the key or the IV has a wrong length.
    """
    cipher = Cipher(
        algorithms.AES(_secret(key, KEY_BYTES, "KEY_ENV")), modes.CBC(_secret(iv, IV_BYTES, "IV_ENV"))
    ).encryptor()
    padder = PKCS7(_BLOCK * 8).padder()
    padded = padder.update(url.encode()) + padder.finalize()
    return base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()


def _secret(text: str, sizes: Collection[int], name: str) -> bytes:
    """Base64, else hex, else the text itself: the first that has a fitting length."""
    for data in (_base64(text), _hex(text), text.encode()):
        if len(data) in sizes:
            return data
    wanted = ", ".join(map(str, sizes))
    raise ValueError(f"{name} has to be {wanted} bytes, as base64, hex or plain text")


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
