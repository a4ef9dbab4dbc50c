namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>Object identifiers, as text and as DER content.</summary>
internal static class CertificateOid
{
    /// <summary>id-ml-dsa-65 (RFC 9881).</summary>
    public const string MlDsa65 = "2.16.840.1.101.3.4.3.18";

    public const string CommonName = "2.5.4.3";
    public const string KeyUsage = "2.5.29.15";
    public const string BasicConstraints = "2.5.29.19";

    public static ReadOnlySpan<byte> MlDsa65Der => [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];

    public static ReadOnlySpan<byte> KeyUsageDer => [0x55, 0x1D, 0x0F];

    public static ReadOnlySpan<byte> BasicConstraintsDer => [0x55, 0x1D, 0x13];

    public static ReadOnlySpan<byte> ExtendedKeyUsageDer => [0x55, 0x1D, 0x25];

    public static ReadOnlySpan<byte> AnyExtendedKeyUsageDer => [0x55, 0x1D, 0x25, 0x00];

    public static ReadOnlySpan<byte> ServerAuthDer => [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

    public static ReadOnlySpan<byte> ClientAuthDer => [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];
}
