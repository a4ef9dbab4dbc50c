namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>The long-lived keys of one side.</summary>
internal sealed record PartyValues(
    string AccountSeed, string SigningSeed, string IdentityPrivate, uint ListVersion, string AccountRecord);
