using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>
/// 60 digits that two people compare to know that no one sits between them. Both see the same digits.
/// Definition: docs/specs/sessions.md, section "Safety number".
/// </summary>
public static class SafetyNumber
{
    /// <summary>Rounds of hashing, so that finding a key with chosen digits costs that much more: 5,200.</summary>
    public const int Iterations = 5200;

    private const int GroupsPerAccount = 6;
    private const int GroupBytes = 5;

    private static ReadOnlySpan<byte> Label => "SigmaComms/1 safety number"u8;

    /// <summary>The number of two accounts, in 12 groups of 5 digits with a space between.</summary>
    /// <param name="accountPublicKeyA">ML-DSA-65 account key of one.</param>
    /// <param name="accountPublicKeyB">ML-DSA-65 account key of the other; the order does not matter.</param>
    public static string Compute(ReadOnlySpan<byte> accountPublicKeyA, ReadOnlySpan<byte> accountPublicKeyB)
    {
        string a = Fingerprint(accountPublicKeyA);
        string b = Fingerprint(accountPublicKeyB);
        return string.CompareOrdinal(a, b) <= 0 ? $"{a} {b}" : $"{b} {a}";
    }

    private static string Fingerprint(ReadOnlySpan<byte> accountPublicKey)
    {
        byte[] keyed = [.. Label, (byte)KeyKind.MlDsa65, .. accountPublicKey];
        byte[] state = new byte[2 * SHA512.HashSizeInBytes];
        Span<byte> running = state.AsSpan(0, SHA512.HashSizeInBytes);
        Span<byte> key = state.AsSpan(SHA512.HashSizeInBytes);
        SHA512.HashData(keyed, key);
        key.CopyTo(running);
        Span<byte> next = stackalloc byte[SHA512.HashSizeInBytes];
        for (int i = 0; i < Iterations; i++)
        {
            SHA512.HashData(state, next);
            next.CopyTo(running);
        }

        return Digits(running);
    }

    private static string Digits(ReadOnlySpan<byte> hash)
    {
        var digits = new StringBuilder();
        for (int group = 0; group < GroupsPerAccount; group++)
        {
            ulong value = 0;
            foreach (byte part in hash.Slice(group * GroupBytes, GroupBytes))
            {
                value = (value << 8) | part;
            }

            digits.Append(group == 0 ? "" : " ");
            digits.Append((value % 100_000).ToString("D5", CultureInfo.InvariantCulture));
        }

        return digits.ToString();
    }
}
