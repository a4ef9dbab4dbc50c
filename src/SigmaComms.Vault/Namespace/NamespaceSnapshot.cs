using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// The bytes of a whole state, one form for each, and their digest: two states are the same exactly when these are.
/// </summary>
public static class NamespaceSnapshot
{
    internal const byte FormatVersion = 1;

    private static ReadOnlySpan<byte> DigestLabel => "sigma vault 1 state"u8;

    /// <summary>All of a state.</summary>
    /// <param name="state">The state.</param>
    public static byte[] Encode(NamespaceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        WireWriter writer = new(64 * 1024);
        SnapshotWriter.Write(writer, state.Store);
        return writer.ToArray();
    }

    /// <summary>The digest of a state.</summary>
    /// <param name="state">The state.</param>
    public static Digest DigestOf(NamespaceState state) => DigestOf(Encode(state));

    /// <summary>The digest of an encoded state.</summary>
    /// <param name="encoded">What <see cref="Encode"/> gave.</param>
    public static Digest DigestOf(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        using var hasher = System.Security.Cryptography.IncrementalHash.CreateHash(
            System.Security.Cryptography.HashAlgorithmName.SHA256);
        hasher.AppendData(DigestLabel);
        hasher.AppendData(encoded);
        hasher.GetHashAndReset(hash);
        return new Digest(hash);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="state">The state, or null.</param>
    /// <returns>False unless the bytes are the one form of a state that operations can have made.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out NamespaceState? state)
    {
        var reader = new WireReader(encoded);
        InodeStore? store = SnapshotReader.Read(ref reader);
        state = store is not null && reader.AtEnd ? new NamespaceState(store) : null;
        return state is not null;
    }
}
