"""Certificates made for one test run: an authority, and what it signs."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

#: Certificates are compared with the real clock, by OpenSSL.
_YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
PAST = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))


@dataclass(frozen=True)
class Signed:
    """A certificate and its key, with whoever signed it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def write(self, folder: Path) -> Path:
        """Write key and chain into one file, as servers read them."""
        path = folder / f"{self.certificate.serial_number:x}.pem"
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = (self.certificate, *self.chain)
        pems = [one.public_bytes(Encoding.PEM) for one in chain]
        path.write_bytes(b"".join([key, *pems]))
        return path

    def server(self, folder: Path) -> ssl.SSLContext:
        """Return what a server with this certificate says of itself."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.write(folder))
        return context


def authority(name: str = "Test authority") -> Signed:
    """Make an authority that signs itself."""
    return _signed(name, None, authority=True)


def certificate(
    name: str,
    by: Signed | None,
    years: tuple[datetime, datetime] = _YEARS,
) -> Signed:
    """Make a server's certificate for a name or address; by nobody, it signs itself."""
    return _signed(name, by, years=years)


def _signed(
    name: str,
    by: Signed | None,
    *,
    years: tuple[datetime, datetime] = _YEARS,
    authority: bool = False,
) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(years[0] - timedelta(days=1))
        .not_valid_after(years[1])
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    )
    if not authority:
        names = x509.SubjectAlternativeName([_named(name)])
        made = made.add_extension(names, critical=False)
    signer = by.key if by else key
    return Signed(made.sign(signer, hashes.SHA256()), key)


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
