namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>Judges the extensions of a node certificate.</summary>
/// <standard>RFC 5280, sections 4.2, 4.2.1.3, 4.2.1.9 and 4.2.1.12.</standard>
internal static class CertificateExtensions
{
    private const int CountMax = 16;

    /// <summary>Reads the extensions, if there are any.</summary>
    public static CertificateFault Read(ref DerReader reader)
    {
        if (reader.PeekTag != DerTag.Extensions)
        {
            return CertificateFault.None;
        }

        DerReader wrapper = reader.Inside(DerTag.Extensions);
        DerReader list = wrapper.Inside(DerTag.Sequence);
        var fault = CertificateFault.None;
        var seen = new List<byte[]>();
        do
        {
            CertificateFault one = ReadOne(ref list, seen);
            fault = one != CertificateFault.None ? one : fault;
        }
        while (!list.AtEnd && fault != CertificateFault.Malformed && seen.Count < CountMax);
        return list.AtEnd && wrapper.AtEnd ? fault : CertificateFault.Malformed;
    }

    private static CertificateFault ReadOne(ref DerReader list, List<byte[]> seen)
    {
        DerReader extension = list.Inside(DerTag.Sequence);
        ReadOnlySpan<byte> oid = extension.Content(DerTag.ObjectIdentifier);
        bool isCritical = false;
        if (extension.PeekTag == DerTag.Boolean)
        {
            // False is the default and DER forbids to write it.
            isCritical = extension.Content(DerTag.Boolean) is [0xFF];
            if (!isCritical)
            {
                return CertificateFault.Malformed;
            }
        }

        ReadOnlySpan<byte> value = extension.Content(DerTag.OctetString);
        if (!extension.AtEnd || Contains(seen, oid))
        {
            return CertificateFault.Malformed; // Section 4.2: no extension more than once.
        }

        seen.Add(oid.ToArray());
        return oid.SequenceEqual(CertificateOid.KeyUsageDer) ? KeyUsage(value)
            : oid.SequenceEqual(CertificateOid.BasicConstraintsDer) ? BasicConstraints(value)
            : oid.SequenceEqual(CertificateOid.ExtendedKeyUsageDer) ? ExtendedKeyUsage(value)
            : isCritical ? CertificateFault.Unsupported
            : CertificateFault.None;
    }

    private static bool Contains(List<byte[]> seen, ReadOnlySpan<byte> oid)
    {
        foreach (byte[] earlier in seen)
        {
            if (oid.SequenceEqual(earlier))
            {
                return true;
            }
        }

        return false;
    }

    // The first bit, digitalSignature, must be set: the key signs the handshake.
    private static CertificateFault KeyUsage(ReadOnlySpan<byte> value)
    {
        var reader = new DerReader(value);
        ReadOnlySpan<byte> bits = reader.Content(DerTag.BitString);
        if (!reader.AtEnd || bits.Length is < 2 or > 3 || bits[0] > 7)
        {
            return CertificateFault.Malformed;
        }

        return (bits[1] & 0x80) != 0 ? CertificateFault.None : CertificateFault.Unsupported;
    }

    // A node is no authority: a key that may sign certificates of others does not belong on a machine that talks.
    private static CertificateFault BasicConstraints(ReadOnlySpan<byte> value)
    {
        var file = new DerReader(value);
        DerReader reader = file.Inside(DerTag.Sequence);
        if (reader.PeekTag == DerTag.Boolean && !reader.Failed)
        {
            // False is the default; a path length may stand only behind true, where it is not looked at any more.
            return file.AtEnd && reader.Content(DerTag.Boolean) is [0xFF]
                ? CertificateFault.Unsupported
                : CertificateFault.Malformed;
        }

        return reader.AtEnd && file.AtEnd ? CertificateFault.None : CertificateFault.Malformed;
    }

    // Where purposes are named, both roles of TLS must be among them: a node's one certificate serves in both.
    private static CertificateFault ExtendedKeyUsage(ReadOnlySpan<byte> value)
    {
        var file = new DerReader(value);
        DerReader reader = file.Inside(DerTag.Sequence);
        bool isServer = false;
        bool isClient = false;
        do
        {
            ReadOnlySpan<byte> purpose = reader.Content(DerTag.ObjectIdentifier);
            bool isAny = purpose.SequenceEqual(CertificateOid.AnyExtendedKeyUsageDer);
            isServer |= isAny || purpose.SequenceEqual(CertificateOid.ServerAuthDer);
            isClient |= isAny || purpose.SequenceEqual(CertificateOid.ClientAuthDer);
        }
        while (!reader.AtEnd && !reader.Failed);
        return !reader.AtEnd || !file.AtEnd ? CertificateFault.Malformed
            : isServer && isClient ? CertificateFault.None
            : CertificateFault.Unsupported;
    }
}
