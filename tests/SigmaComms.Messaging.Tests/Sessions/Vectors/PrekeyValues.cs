namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>The responder's prekeys and the bundle of them.</summary>
internal sealed record PrekeyValues(
    uint SignedPrekeyId,
    string SignedPrekeyPrivate,
    uint KemPrekeyId,
    string KemPrekeySeed,
    bool IsLastResort,
    uint? OneTimePrekeyId,
    string? OneTimePrekeyPrivate,
    string Bundle);
