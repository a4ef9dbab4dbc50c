namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>The one-byte tags of DER that occur in certificates.</summary>
/// <standard>ITU-T X.690, section 8.1.2.</standard>
internal static class DerTag
{
    public const byte Boolean = 0x01;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte ObjectIdentifier = 0x06;
    public const byte Utf8String = 0x0C;
    public const byte PrintableString = 0x13;
    public const byte Ia5String = 0x16;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;
    public const byte Version = 0xA0;
    public const byte Extensions = 0xA3;
}
