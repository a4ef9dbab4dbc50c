using System.Globalization;
using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// Attachment chunks in files, one per attachment. The last chunk is answered once all that is here is on the disk.
/// </summary>
internal sealed class AttachmentsActor : ReceiveActor
{
    private const int OpenMax = 64;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    private readonly NodeContext _node;
    private readonly string _folder;
    private readonly Dictionary<Digest16, AttachmentFile> _open = [];
    private readonly Queue<Digest16> _openOrder = new();
    private long _bytes;

    public AttachmentsActor(NodeContext node)
    {
        _node = node;
        _folder = Path.Combine(node.Options.DataDirectory, "attachments");
        Receive<PutChunk>(put => Sender?.Tell(Guard(() => Put(put))));
        Receive<GetChunk>(get => Sender?.Tell(Guard(() => Get(get))));
        Receive<FlushTick>(_ => Flush());
        Receive<SweepTick>(_ => Sweep());
    }

    protected override ValueTask PreStart()
    {
        System.IO.Directory.CreateDirectory(_folder);
        _bytes = new DirectoryInfo(_folder).EnumerateFiles("*.chunks").Sum(file => file.Length);
        Context.Timers.StartPeriodic(nameof(FlushTick), new FlushTick(), FlushInterval);
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        foreach (AttachmentFile file in _open.Values)
        {
            file.Dispose();
        }

        _open.Clear();
        return ValueTask.CompletedTask;
    }

    private LinkMessage Put(PutChunk put)
    {
        if (put.Count is 0 or > LinkLimits.ChunksPerAttachment || put.Index >= put.Count || put.Content.IsEmpty)
        {
            return new Refused(RefusalReason.Malformed, "the chunk's number is not below the attachment's count");
        }

        AttachmentFile? file = Find(put.Attachment, put.Count);
        if (file is null)
        {
            return new Refused(RefusalReason.NotAllowed, "the attachment has another number of chunks");
        }

        if (!file.Has(put.Index))
        {
            if (_bytes + put.Content.Length > _node.Options.AttachmentBytesMax)
            {
                return new Refused(RefusalReason.StorageFailed, "this node keeps as many attachment bytes as it may");
            }

            file.Write(put.Index, put.Content);
            _bytes += put.Content.Length;
        }

        if (put.Index == put.Count - 1 && file.IsDirty)
        {
            file.Flush();
        }

        return new Done();
    }

    private LinkMessage Get(GetChunk get) => Find(get.Attachment, null)?.Read(get.Index) is { } content
        ? new Chunk(content)
        : new Refused(RefusalReason.NotFound, "no such chunk here");

    private LinkMessage Guard(Func<LinkMessage> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _node.Counters.NoteWrite(succeeded: false);
            _node.Logger.AttachmentFailed(error.Message);
            return new Refused(RefusalReason.StorageFailed, error.Message);
        }
    }

    /// <summary>
    /// The attachment's file: its name holds the number of chunks. Null if it is missing or has another.
    /// </summary>
    private AttachmentFile? Find(Digest16 attachment, uint? count)
    {
        if (_open.TryGetValue(attachment, out AttachmentFile? open))
        {
            return count is null || count == open.Count ? open : null;
        }

        string prefix = attachment.ToString();
        string? path = System.IO.Directory.EnumerateFiles(_folder, prefix + ".*.chunks").FirstOrDefault();
        uint known = path is null ? count ?? 0 : CountOf(path);
        if (known == 0 || (count is { } asked && asked != known))
        {
            return null;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}.{known}.chunks");
        AttachmentFile file = AttachmentFile.Open(path ?? Path.Combine(_folder, name), known);
        _open.Add(attachment, file);
        _openOrder.Enqueue(attachment);
        CloseOldest();
        return file;
    }

    private static uint CountOf(string path)
    {
        string[] parts = Path.GetFileName(path).Split('.');
        return parts.Length == 3
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
            && count <= LinkLimits.ChunksPerAttachment
            ? count
            : 0;
    }

    private void CloseOldest()
    {
        if (_openOrder.Count > OpenMax && _open.Remove(_openOrder.Dequeue(), out AttachmentFile? oldest))
        {
            if (oldest.IsDirty)
            {
                oldest.Flush();
            }

            oldest.Dispose();
        }
    }

    private void Flush()
    {
        foreach (AttachmentFile file in _open.Values.Where(file => file.IsDirty))
        {
            try
            {
                file.Flush();
            }
            catch (IOException error)
            {
                _node.Counters.NoteWrite(succeeded: false);
                _node.Logger.AttachmentFailed(error.Message);
            }
        }
    }

    private void Sweep()
    {
        DateTime limit = (_node.Time.GetUtcNow() - _node.Options.TimeToLive).UtcDateTime;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles("*.chunks"))
        {
            if (file.LastWriteTimeUtc < limit && Digest16.TryParse(file.Name.Split('.')[0], out Digest16 attachment)
                && !_open.ContainsKey(attachment))
            {
                _bytes -= file.Length;
                file.Delete();
            }
        }
    }

    private sealed record FlushTick;

    private sealed record SweepTick;
}
