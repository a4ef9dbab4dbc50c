using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// Splits a secret so that any k of n shares give it back and k - 1 say nothing of it: a random polynomial of degree
/// k - 1 for every byte (Shamir 1979).
/// </summary>
/// <remarks>Time depends on lengths and on the numbers of the shares only.</remarks>
internal static class SecretShares
{
    /// <summary>The most shares: 255.</summary>
    public const int SharesMax = 255;

    /// <summary>Makes share 1 to n.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="needed">k.</param>
    /// <param name="shares">Receives n shares, each as long as the secret; the caller disposes them.</param>
    /// <param name="random">Where the polynomials come from.</param>
    public static void Split(
        ReadOnlySpan<byte> secret, int needed, IReadOnlyList<SecretBytes> shares, IRandomSource random)
    {
        Invariant.Holds(needed >= 1 && needed <= shares.Count && shares.Count <= SharesMax);
        byte[] coefficients = GC.AllocateArray<byte>(needed, pinned: true);
        try
        {
            for (int at = 0; at < secret.Length; at++)
            {
                random.Fill(coefficients);
                coefficients[0] = secret[at];
                for (int share = 0; share < shares.Count; share++)
                {
                    shares[share].Span[at] = Evaluate(coefficients, (byte)(share + 1));
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(coefficients);
        }
    }

    /// <summary>Gives the secret back.</summary>
    /// <param name="numbers">The numbers of k shares, all different, none 0.</param>
    /// <param name="shares">The shares.</param>
    /// <param name="secret">Receives the secret, or noise if a share is false or there are too few.</param>
    public static void Join(ReadOnlySpan<byte> numbers, IReadOnlyList<SecretBytes> shares, Span<byte> secret)
    {
        Invariant.Holds(numbers.Length == shares.Count && numbers.Length > 0);
        secret.Clear();
        for (int i = 0; i < numbers.Length; i++)
        {
            byte weight = 1;
            for (int j = 0; j < numbers.Length; j++)
            {
                if (j != i)
                {
                    Invariant.Holds(numbers[j] != numbers[i]);
                    byte ratio = SecretField.Multiply(
                        numbers[j], SecretField.Invert((byte)(numbers[j] ^ numbers[i])));
                    weight = SecretField.Multiply(weight, ratio);
                }
            }

            for (int at = 0; at < secret.Length; at++)
            {
                secret[at] ^= SecretField.Multiply(weight, shares[i].Span[at]);
            }
        }
    }

    private static byte Evaluate(ReadOnlySpan<byte> coefficients, byte at)
    {
        byte value = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            value = (byte)(SecretField.Multiply(value, at) ^ coefficients[i]);
        }

        return value;
    }
}
