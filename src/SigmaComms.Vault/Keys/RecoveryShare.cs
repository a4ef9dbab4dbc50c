using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// One of n shares of a recovery code, any k of which give it back: 64 digits in groups of eight, with the share's
/// number, k, the set it belongs to, and a checksum of 32 bits.
/// </summary>
public sealed class RecoveryShare : IDisposable
{
    /// <summary>Characters of the text: 71, hyphens included.</summary>
    public const int TextLength = 71;

    /// <summary>The most shares of a code: 32.</summary>
    public const int SharesMax = 32;

    private const int ChecksumSize = 4;
    private const int HeaderSize = 4;
    private const int PayloadSize = HeaderSize + RecoveryCode.SizeBytes + ChecksumSize;

    private readonly SecretBytes _value;

    private RecoveryShare(byte number, byte needed, ushort set, SecretBytes value)
    {
        Number = number;
        Needed = needed;
        Set = set;
        _value = value;
    }

    /// <summary>Its number, from 1.</summary>
    public byte Number { get; }

    /// <summary>How many shares are needed.</summary>
    public byte Needed { get; }

    /// <summary>A random number that all shares of a code have in common.</summary>
    public ushort Set { get; }

    /// <summary>Splits a code.</summary>
    /// <param name="code">32 secret bytes.</param>
    /// <param name="needed">k, at least 1.</param>
    /// <param name="count">n, k to 32.</param>
    /// <param name="random">Where the shares come from.</param>
    /// <returns>The shares; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static IReadOnlyList<RecoveryShare> Split(
        ReadOnlySpan<byte> code, int needed, int count, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNotEqual(code.Length, RecoveryCode.SizeBytes, nameof(code));
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, needed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SharesMax);
        Span<byte> set = stackalloc byte[sizeof(ushort)];
        random.Fill(set);
        SecretBytes[] values = [.. Enumerable.Range(0, count).Select(_ => new SecretBytes(RecoveryCode.SizeBytes))];
        SecretShares.Split(code, needed, values, random);
        ushort setNumber = BinaryPrimitives.ReadUInt16BigEndian(set);
        return [.. values.Select((value, at) =>
            new RecoveryShare((byte)(at + 1), (byte)needed, setNumber, value))];
    }

    /// <summary>Joins shares to the code. Whether it is right shows when it opens a slot.</summary>
    /// <param name="shares">At least as many different shares of one set as are needed.</param>
    /// <param name="code">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if shares are missing, repeated, or of different sets.</returns>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static bool TryJoin(IReadOnlyList<RecoveryShare> shares, Span<byte> code)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfNotEqual(code.Length, RecoveryCode.SizeBytes, nameof(code));
        code.Clear();
        if (shares.Count == 0 || shares.Count < shares[0].Needed
            || shares.Any(share => share.Set != shares[0].Set || share.Needed != shares[0].Needed)
            || shares.Select(share => share.Number).Distinct().Count() != shares.Count)
        {
            return false;
        }

        List<RecoveryShare> used = [.. shares.Take(shares[0].Needed)];
        byte[] numbers = [.. used.Select(share => share.Number)];
        SecretShares.Join(numbers, [.. used.Select(share => share._value)], code);
        return true;
    }

    /// <summary>Reads a share; case, hyphens and blanks do not matter, nor O for 0 and I or L for 1.</summary>
    /// <param name="text">What a person typed.</param>
    /// <param name="share">The share, or null; the caller disposes it.</param>
    /// <returns>False if digits are missing or mistyped.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out RecoveryShare? share)
    {
        share = null;
        Span<byte> payload = stackalloc byte[PayloadSize];
        try
        {
            if (!RecoveryText.TryParse(text, payload) || !RecoveryText.IsSealed(payload, ChecksumSize)
                || payload[0] is 0 or > SharesMax || payload[1] is 0 or > SharesMax)
            {
                return false;
            }

            ushort set = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
            SecretBytes value = new(payload.Slice(HeaderSize, RecoveryCode.SizeBytes));
            share = new RecoveryShare(payload[0], payload[1], set, value);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    /// <summary>Writes the share as text to be kept on paper.</summary>
    /// <param name="text">Receives 71 characters; the caller clears them once they are shown.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Format(Span<char> text)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(text.Length, TextLength, nameof(text));
        Span<byte> payload = stackalloc byte[PayloadSize];
        try
        {
            payload[0] = Number;
            payload[1] = Needed;
            BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Set);
            _value.Span.CopyTo(payload[HeaderSize..]);
            RecoveryText.Seal(payload, ChecksumSize);
            RecoveryText.Format(payload, text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    /// <summary>Says its number, never its value.</summary>
    public override string ToString() => $"RecoveryShare({Number}, {Needed} needed)";

    /// <summary>Zeroes the share. May be called twice.</summary>
    public void Dispose() => _value.Dispose();
}
