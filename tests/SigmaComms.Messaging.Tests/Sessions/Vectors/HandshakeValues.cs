namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>PQXDH, value by value.</summary>
internal sealed record HandshakeValues(
    string EphemeralKey,
    string Ciphertext,
    string TranscriptHash,
    string KeyMaterial,
    string RootEc,
    string RootPq,
    string AuthenticationKey,
    string Box);
