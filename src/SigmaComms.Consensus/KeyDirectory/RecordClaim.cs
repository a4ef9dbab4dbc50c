using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>What an account's record says of itself, after its own signature was found good.</summary>
/// <param name="Name">The account's name, 1 to 64 printable ASCII characters.</param>
/// <param name="Account">The hash of the account key that signed it.</param>
/// <param name="Version">At least 1; grows with every record of the account.</param>
public sealed record RecordClaim(string Name, NodeId Account, ulong Version)
{
    /// <summary>The longest name: 64 characters.</summary>
    public const int NameLengthMax = 64;

    /// <summary>Whether name and version are within their limits.</summary>
    public bool IsWellFormed => Version > 0
        && Name.Length is > 0 and <= NameLengthMax
        && !Name.AsSpan().ContainsAnyExceptInRange('!', '~');
}
