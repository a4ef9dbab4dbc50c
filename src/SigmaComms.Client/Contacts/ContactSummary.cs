using SigmaComms.Cryptography;

namespace SigmaComms.Client.Contacts;

/// <summary>A known peer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Account">The trusted account.</param>
/// <param name="Devices">How many devices it has.</param>
/// <param name="IdentityChanged">Whether another identity was seen that the user has not accepted.</param>
public sealed record ContactSummary(string Name, NodeId Account, int Devices, bool IdentityChanged);
