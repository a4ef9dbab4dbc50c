using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Transactions;

/// <summary>Where a snapshot is and what it must be.</summary>
/// <param name="At">The place in the log, just after a mark, whose state it holds.</param>
/// <param name="State">The digest of that state.</param>
/// <param name="Size">Bytes of it.</param>
/// <param name="Reference">What the store needs to give it back, at most 32 KiB.</param>
public sealed record SnapshotNotice(LogPosition At, Digest State, long Size, ReadOnlyMemory<byte> Reference)
{
    /// <summary>The longest reference: 32 KiB.</summary>
    public const int ReferenceSizeMax = 32 * 1024;

    internal byte[] Encode() => new WireWriter(128 + Reference.Length)
        .U64(At.Count).Digest(At.Head).Digest(State).U64((ulong)Size).Opaque16(Reference.Span).ToArray();

    internal static bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SnapshotNotice? notice)
    {
        var reader = new WireReader(body);
        LogPosition at = new(reader.U64(), reader.Digest());
        Digest state = reader.Digest();
        ulong size = reader.U64();
        byte[] reference = reader.Opaque16(ReferenceSizeMax).ToArray();
        bool good = reader.AtEnd && size <= long.MaxValue;
        notice = good ? new SnapshotNotice(at, state, (long)size, reference) : null;
        return good;
    }
}
