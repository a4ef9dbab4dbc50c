using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The answer to a request that was not done.</summary>
/// <param name="Reason">Why, for the program.</param>
/// <param name="Detail">Why and what to do, for people.</param>
public sealed record Refused(RefusalReason Reason, string Detail) : LinkMessage
{
    private readonly uint _retryAfterMs;

    /// <summary>
    /// How long to wait before the same request is made again, in whole milliseconds up to
    /// <see cref="LinkLimits.RetryAfterMax"/>; zero if the refusal does not say.
    /// </summary>
    public TimeSpan RetryAfter
    {
        get => TimeSpan.FromMilliseconds(_retryAfterMs);
        init => _retryAfterMs = (uint)Math.Clamp(
            Math.Ceiling(value.TotalMilliseconds), 0, LinkLimits.RetryAfterMax.TotalMilliseconds);
    }

    /// <summary>
    /// To a node that is refused because of another process of its identity: that process's signed announcement;
    /// otherwise empty. A refusal alone stops no node.
    /// </summary>
    public ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary>With <see cref="RefusalReason.StaleView"/>: the number of the refusing node's view.</summary>
    public ulong ViewNumber { get; init; }

    internal override byte FieldsVersion => (byte)(ViewNumber == 0 ? 1 : 2);

    internal override byte LatestFieldsVersion => 2;

    internal override LinkMessageId TypeId => LinkMessageId.Refused;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U8((byte)Reason);
        LinkWire.Write(writer, Detail);
        writer.U32(_retryAfterMs);
        writer.Opaque24(Proof.Span);
        if (ViewNumber != 0)
        {
            writer.U64(ViewNumber);
        }
    }

    internal static Refused Read(ref WireReader reader)
    {
        var refused = new Refused(
            LinkWire.Enum<RefusalReason>(ref reader),
            LinkWire.Text(ref reader, LinkLimits.DetailBytes));
        uint waitMs = reader.U32();
        if (waitMs > LinkLimits.RetryAfterMax.TotalMilliseconds)
        {
            reader.Fail();
        }

        ReadOnlySpan<byte> proof = reader.Opaque24(LinkLimits.AnnouncementBytes);
        ulong view = 0;
        if (!reader.Failed && !reader.AtEnd && (view = reader.U64()) == 0)
        {
            reader.Fail();
        }

        return refused with
        {
            RetryAfter = TimeSpan.FromMilliseconds(waitMs),
            Proof = proof.IsEmpty ? default(ReadOnlyMemory<byte>) : proof.ToArray(),
            ViewNumber = view,
        };
    }
}
