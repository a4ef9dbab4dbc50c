using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests.Support;

/// <summary>The fragments of one node of the fake cluster, as its links give and take them.</summary>
internal sealed class FakeStorage
{
    /// <summary>What it keeps.</summary>
    public MemoryFragmentStore Store { get; } = new();

    /// <summary>Gives every fragment with a flipped bit.</summary>
    public bool Damages { get; set; }

    /// <summary>Answers what is about fragments.</summary>
    /// <returns>Null if it is about something else.</returns>
    public async ValueTask<LinkMessage?> AnswerAsync(LinkMessage message) => message switch
    {
        PutFragment put => await PutAsync(put),
        GetFragment get => await GetAsync(get),
        DescribeFragment describe => await DescribeAsync(new FragmentId(describe.Fragment)),
        DeleteFragment => new Refused(RefusalReason.NotAllowed, "not before its time"),
        _ => null,
    };

    private async ValueTask<LinkMessage> PutAsync(PutFragment put)
    {
        using (put)
        {
            return FragmentLabel.TryDecode(put.Label.Span, out FragmentLabel? label)
                && AttachmentVault.TryGetDay(label.Vault, out _)
                ? AnswerOf(await Store.PutAsync(label, put.Content, CancellationToken.None))
                : new Refused(RefusalReason.NotAllowed, "no attachment");
        }
    }

    private async ValueTask<LinkMessage> GetAsync(GetFragment get)
    {
        byte[] content = new byte[get.Length];
        StoreStatus status = await Store.GetAsync(
            new FragmentId(get.Fragment), (int)get.Offset, content, CancellationToken.None);
        content[0] ^= (byte)(Damages ? 1 : 0);
        return status == StoreStatus.Done ? new FragmentPart(content) : AnswerOf(status);
    }

    private async ValueTask<LinkMessage> DescribeAsync(FragmentId id)
    {
        (StoreStatus status, FragmentLabel? label) = await Store.DescribeAsync(id, CancellationToken.None);
        WireWriter writer = new(LinkLimits.FragmentLabelBytes);
        label?.Write(writer);
        return status == StoreStatus.Done ? new FragmentDescription(writer.ToArray()) : AnswerOf(status);
    }

    private static LinkMessage AnswerOf(StoreStatus status) => status switch
    {
        StoreStatus.Done => new Done(),
        StoreStatus.NotFound => new Refused(RefusalReason.NotFound, "no such fragment"),
        StoreStatus.Corrupt => new Refused(RefusalReason.FragmentCorrupt, "damaged"),
        _ => new Refused(RefusalReason.FragmentRefused, $"{status}"),
    };
}
