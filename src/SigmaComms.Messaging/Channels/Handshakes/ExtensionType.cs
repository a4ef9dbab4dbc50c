namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>Kinds of extensions that this profile knows.</summary>
/// <standard>RFC 8446, section 4.2.</standard>
internal enum ExtensionType
{
    SupportedGroups = 10,
    SignatureAlgorithms = 13,
    ApplicationProtocol = 16,
    PreSharedKey = 41,
    SupportedVersions = 43,
    Cookie = 44,
    PskKeyExchangeModes = 45,
    KeyShare = 51,
}
