using System.Security.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// A SHA-256 over exported state, so that corrupted bytes are refused instead of becoming a wrong key. It is no
/// protection against a forger: the owner stores the state under authenticated encryption.
/// </summary>
internal static class StateSeal
{
    /// <summary>Gives body | SHA-256(body), and zeroes the writer.</summary>
    public static byte[] Add(WireWriter writer)
    {
        byte[] state = new byte[writer.Length + SHA256.HashSizeInBytes];
        writer.Written.CopyTo(state);
        SHA256.HashData(writer.Written, state.AsSpan(writer.Length));
        writer.Clear();
        return state;
    }

    /// <summary>Checks and removes the hash.</summary>
    public static bool TryRemove(ReadOnlySpan<byte> state, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (state.Length < SHA256.HashSizeInBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> inner = state[..^SHA256.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(inner, hash);
        if (!hash.SequenceEqual(state[^SHA256.HashSizeInBytes..]))
        {
            return false;
        }

        body = inner;
        return true;
    }
}
