"""A passkey in software: makes the answers a device would make, so that the server's checks are really passed."""

import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT_AND_VERIFIED = 0x01 | 0x04
WITH_CREDENTIAL = 0x40


class SoftPasskey:
    """One key pair for one site, with a counter that rises at every use."""

    def __init__(self, host: str, origin: str):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(16)
        self.host, self.origin, self.uses, self.user_handle = host, origin, 0, ""

    def create(self, options: dict) -> str:
        """The answer to creation options, as the page's script would send it."""
        asked = options["creation_options"]["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        length = len(self.credential_id).to_bytes(2, "big")
        credential = bytes(16) + length + self.credential_id + public
        data = self._data(PRESENT_AND_VERIFIED | WITH_CREDENTIAL) + credential
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
                "transports": ["internal"],
            },
            {"credProps": {"rk": True}},
        )

    def get(self, options: dict) -> str:
        """The answer to request options: a signature over them."""
        asked = options["request_options"]["publicKey"]
        data = self._data(PRESENT_AND_VERIFIED)
        client = self._client("webauthn.get", asked["challenge"])
        signed = data + hashlib.sha256(self._client_bytes("webauthn.get", asked["challenge"])).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": self.user_handle,
            },
            {},
        )

    def _data(self, flags: int) -> bytes:
        self.uses += 1
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client_bytes(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _client(self, kind: str, challenge: str) -> str:
        return websafe_encode(self._client_bytes(kind, challenge))

    def _answer(self, response: dict, extensions: dict) -> str:
        identifier = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "type": "public-key",
                "id": identifier,
                "rawId": identifier,
                "authenticatorAttachment": "platform",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )
