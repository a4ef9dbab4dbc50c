using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// Attachment chunks in files, one per attachment. The last chunk is answered once all that is here is on the disk.
/// When the nodes where an attachment belongs change, it is copied to those that lack it, one attachment at a time.
/// </summary>
internal sealed class AttachmentsActor : ReceiveActor
{
    private const int LooksAtOnce = 16;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RepairInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10);

    private readonly NodeContext _node;
    private readonly AttachmentFiles _files;
    private readonly AttachmentRepairs _repairs;
    private readonly Dictionary<Digest16, TimeSpan> _writtenAt = [];
    private bool _copying;

    public AttachmentsActor(NodeContext node)
    {
        _node = node;
        _files = new AttachmentFiles(Path.Combine(node.Options.DataDirectory, "attachments"));
        _repairs = new AttachmentRepairs(node);
        Receive<PutChunk>(put => Sender?.Tell(Guard(() => Put(put))));
        Receive<GetChunk>(get => Sender?.Tell(Guard(() => Get(get))));
        Receive<OfferChunks>(offer => Sender?.Tell(Guard(() => Offer(offer))));
        Receive<ViewChanged>(_ => LookAtAll());
        Receive<FlushTick>(_ => Flush());
        Receive<SweepTick>(_ => Guard(Sweep));
        Receive<RepairTick>(_ => Guard(Repair));
        Receive<RetryTick>(_ => _repairs.RetryFailed());
        Receive<CopyEnded>(OnCopyEnded);
    }

    protected override ValueTask PreStart()
    {
        _files.Load();
        LookAtAll();
        Context.Timers.StartPeriodic(nameof(FlushTick), new FlushTick(), FlushInterval);
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        Context.Timers.StartPeriodic(nameof(RepairTick), new RepairTick(), RepairInterval);
        Context.Timers.StartPeriodic(nameof(RetryTick), new RetryTick(), RetryInterval);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        _files.CloseAll();
        return ValueTask.CompletedTask;
    }

    private LinkMessage Put(PutChunk put)
    {
        if (put.Count is 0 or > LinkLimits.ChunksPerAttachment || put.Index >= put.Count || put.Content.IsEmpty)
        {
            return new Refused(RefusalReason.Malformed, "the chunk's number is not below the attachment's count");
        }

        AttachmentFile? file = _files.Find(put.Attachment);
        if (file is not null && file.Count != put.Count)
        {
            return new Refused(RefusalReason.NotAllowed, "the attachment has another number of chunks");
        }

        if (file is null || !file.Has(put.Index))
        {
            long charge = _files.ChargeOf(put.Attachment, put.Content.Length);
            if (_files.Bytes + charge > _node.Options.AttachmentBytesMax)
            {
                return new Refused(RefusalReason.StorageFailed, "this node keeps as many attachment bytes as it may");
            }

            file = _files.Write(put.Attachment, put.Count, put.Index, put.Content);
            _writtenAt[put.Attachment] = _node.Now;
            _repairs.SetDue(put.Attachment);
        }

        if (put.Index == put.Count - 1 && file.IsDirty)
        {
            _files.Flush(file);
        }

        return new Done();
    }

    private LinkMessage Get(GetChunk get) => _files.Find(get.Attachment)?.Read(get.Index) is { } content
        ? new Chunk(content)
        : new Refused(RefusalReason.NotFound, "no such chunk here");

    private LinkMessage Offer(OfferChunks offer)
    {
        if (offer.Count is 0 or > LinkLimits.ChunksPerAttachment || !ChunkBits.AreFor(offer.Count, offer.Present.Span)
            || offer.WrittenUtcTicks > (ulong)DateTime.MaxValue.Ticks)
        {
            return new Refused(RefusalReason.Malformed, "the offer does not fit its number of chunks");
        }

        if (_files.Find(offer.Attachment) is not { } file)
        {
            return new ChunksWanted(offer.Present);
        }

        if (file.Count != offer.Count)
        {
            return new Refused(RefusalReason.NotAllowed, "the attachment has another number of chunks");
        }

        if (file.IsDirty)
        {
            _files.Flush(file);
        }

        byte[] wanted = ChunkBits.Without(offer.Present.Span, file.PresentBits());
        if (!wanted.AsSpan().ContainsAnyExcept((byte)0))
        {
            _files.LimitAge(offer.Attachment, new DateTime((long)offer.WrittenUtcTicks, DateTimeKind.Utc));
        }

        return new ChunksWanted(wanted);
    }

    private LinkMessage Guard(Func<LinkMessage> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(error);
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Failed(error);
        }
    }

    private Refused Failed(Exception error)
    {
        _node.Counters.NoteWrite(succeeded: false);
        _node.Logger.AttachmentFailed(error.Message);
        return new Refused(RefusalReason.StorageFailed, error.Message);
    }

    private void Flush()
    {
        foreach (AttachmentFile file in _files.Open.Where(file => file.IsDirty))
        {
            Guard(() => _files.Flush(file));
        }
    }

    private void Sweep()
    {
        DateTime limit = (_node.Time.GetUtcNow() - _node.Options.TimeToLive).UtcDateTime;
        foreach (Digest16 attachment in _files.Ids.Where(id => _files.WrittenUtc(id) < limit).ToArray())
        {
            Delete(attachment);
        }

        Digest16[] quiet = [.. _writtenAt.Where(at => _node.Now - at.Value > QuietTime).Select(at => at.Key)];
        foreach (Digest16 attachment in quiet)
        {
            _writtenAt.Remove(attachment);
        }
    }

    private void Delete(Digest16 attachment)
    {
        _files.Delete(attachment);
        _repairs.Forget(attachment);
    }

    private void LookAtAll()
    {
        foreach (Digest16 attachment in _files.Ids)
        {
            _repairs.SetDue(attachment);
        }
    }

    /// <summary>Looks at some of what is due, and begins to copy the first attachment that some node lacks.</summary>
    private void Repair()
    {
        bool more = false;
        for (int looks = Math.Min(LooksAtOnce, _repairs.DueCount); looks > 0 && !_copying; looks--)
        {
            if (!_repairs.TryTake(out Digest16 attachment) || _files.Find(attachment) is not { } file)
            {
                continue;
            }

            if (_writtenAt.TryGetValue(attachment, out TimeSpan at) && _node.Now - at < QuietTime)
            {
                // Whoever writes it now sends it to the right nodes itself.
                _repairs.SetDue(attachment);
                continue;
            }

            more = true;
            if (_repairs.NextTarget(attachment, file.Present) is { } target)
            {
                Copy(attachment, file, target);
            }
            else if (_repairs.IsSurplus(attachment, file.Present))
            {
                Delete(attachment);
            }
        }

        if (more && !_copying && _repairs.DueCount > 0)
        {
            // Requests that came meanwhile have their turn before the next ones are looked at.
            Self.Tell(new RepairTick());
        }
    }

    private void Copy(Digest16 attachment, AttachmentFile file, (NodeId Node, Peers.PeerLinks Links) target)
    {
        if (file.IsDirty)
        {
            _files.Flush(file);
        }

        var offer = new OfferChunks(
            attachment, file.Count, (ulong)_files.WrittenUtc(attachment).Ticks, file.PresentBits());
        int chunks = file.Present;
        long session = target.Links.Session;
        _copying = true;
        Context.PipeToSelf(
            new ChunkCopyTask(_node, Self).RunAsync(target.Node, target.Links, offer, Context.StopToken),
            copied => new CopyEnded(attachment, target.Node, session, chunks, copied),
            error => new CopyEnded(attachment, target.Node, session, chunks, Copied: false));
    }

    private void OnCopyEnded(CopyEnded ended)
    {
        _copying = false;
        if (ended.Copied)
        {
            _repairs.Confirm(ended.Attachment, ended.Target, ended.Session, ended.Chunks);
            _repairs.SetDue(ended.Attachment);
        }
        else
        {
            _repairs.SetFailed(ended.Attachment);
        }

        Guard(Repair);
    }

    private sealed record CopyEnded(Digest16 Attachment, NodeId Target, long Session, int Chunks, bool Copied);

    private sealed record FlushTick;

    private sealed record SweepTick;

    private sealed record RepairTick;

    private sealed record RetryTick;
}
