namespace SigmaComms.Messaging.Channels.Records;

/// <summary>What a record carries.</summary>
/// <standard>RFC 8446, section 5.1.</standard>
internal enum ContentType
{
    Invalid = 0,
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
}
