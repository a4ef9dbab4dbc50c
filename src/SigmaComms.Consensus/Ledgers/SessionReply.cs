using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// A command that a session remembers: to answer its repeat, and to tell another one with its number.
/// </summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Command">The hash of its encoding.</param>
/// <param name="IsKept">Whether the reply is kept whole.</param>
/// <param name="Reply">The reply, or its 32-byte digest.</param>
internal readonly record struct SessionReply(ulong Sequence, Digest Command, bool IsKept, ReadOnlyMemory<byte> Reply)
{
    /// <summary>The largest reply of a state machine: 4,096 bytes.</summary>
    public const int SizeMax = 4_096;

    /// <summary>Bytes of the reply if it is kept.</summary>
    public int KeptBytes => IsKept ? Reply.Length : 0;

    /// <summary>The SHA-256 of the reply, whether it is kept or not.</summary>
    public Digest ComputeReplyDigest() => IsKept ? Digest.Sha256(Reply.Span) : new Digest(Reply.Span);

    /// <summary>The same with the digest in place of the reply.</summary>
    public SessionReply Shorten() =>
        IsKept ? this with { IsKept = false, Reply = Digest.Sha256(Reply.Span).ToArray() } : this;

    /// <summary>Writes it.</summary>
    public void WriteTo(WireWriter writer) =>
        writer.U64(Sequence).Digest(Command).Flag(IsKept).Opaque16(Reply.Span);

    /// <summary>Reads it; the reader fails if there is none.</summary>
    public static SessionReply Read(ref WireReader reader)
    {
        ulong sequence = reader.U64();
        Digest command = reader.Digest();
        bool isKept = reader.Flag();
        byte[] reply = reader.Opaque16(SizeMax).ToArray();
        if (!isKept && reply.Length != Digest.SizeBytes)
        {
            reader.Fail();
        }

        return new SessionReply(sequence, command, isKept, reply);
    }
}
