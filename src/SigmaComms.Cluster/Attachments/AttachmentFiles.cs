using System.Globalization;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// The attachments on this node's disk: their ids and sizes in memory, a bounded number of them open. Belongs to the
/// attachments' actor.
/// </summary>
internal sealed class AttachmentFiles(string folder)
{
    private const int OpenMax = 64;

    private readonly Dictionary<Digest16, uint> _counts = [];
    private readonly Dictionary<Digest16, AttachmentFile> _open = [];
    private readonly Queue<Digest16> _openOrder = new();

    /// <summary>Bytes on the disk.</summary>
    public long Bytes { get; set; }

    /// <summary>Every attachment.</summary>
    public IReadOnlyCollection<Digest16> Ids => _counts.Keys;

    /// <summary>The files that are open.</summary>
    public IEnumerable<AttachmentFile> Open => _open.Values;

    /// <summary>Reads which attachments there are.</summary>
    /// <exception cref="IOException">The world failed.</exception>
    public void Load()
    {
        System.IO.Directory.CreateDirectory(folder);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*.chunks"))
        {
            string[] parts = file.Name.Split('.');
            if (parts.Length == 3 && Digest16.TryParse(parts[0], out Digest16 attachment)
                && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && count is > 0 and <= LinkLimits.ChunksPerAttachment)
            {
                _counts[attachment] = count;
                Bytes += file.Length;
            }
        }
    }

    /// <summary>The attachment's file, if it is here.</summary>
    public AttachmentFile? Find(Digest16 attachment) =>
        _counts.TryGetValue(attachment, out uint count) ? OpenFile(attachment, count) : null;

    /// <summary>The attachment's file, made if need be; null if it is here with another number of chunks.</summary>
    public AttachmentFile? FindOrMake(Digest16 attachment, uint count)
    {
        if (_counts.TryAdd(attachment, count) || _counts[attachment] == count)
        {
            return OpenFile(attachment, count);
        }

        return null;
    }

    /// <summary>When the attachment was written.</summary>
    public DateTime WrittenUtc(Digest16 attachment) => File.GetLastWriteTimeUtc(PathOf(attachment));

    /// <summary>A copy does not live longer than what it was copied from.</summary>
    public void LimitAge(Digest16 attachment, DateTime writtenUtc)
    {
        if (writtenUtc < WrittenUtc(attachment))
        {
            File.SetLastWriteTimeUtc(PathOf(attachment), writtenUtc);
        }
    }

    /// <summary>Deletes the attachment's file.</summary>
    public void Delete(Digest16 attachment)
    {
        if (_open.Remove(attachment, out AttachmentFile? open))
        {
            open.Dispose();
        }

        string path = PathOf(attachment);
        Bytes -= File.Exists(path) ? new FileInfo(path).Length : 0;
        File.Delete(path);
        _counts.Remove(attachment);
    }

    /// <summary>Closes every file.</summary>
    public void CloseAll()
    {
        foreach (AttachmentFile file in _open.Values)
        {
            file.Dispose();
        }

        _open.Clear();
    }

    private AttachmentFile OpenFile(Digest16 attachment, uint count)
    {
        if (_open.TryGetValue(attachment, out AttachmentFile? open))
        {
            return open;
        }

        AttachmentFile file = AttachmentFile.Open(PathOf(attachment), count);
        _open.Add(attachment, file);
        _openOrder.Enqueue(attachment);
        CloseOldest();
        return file;
    }

    private void CloseOldest()
    {
        while (_openOrder.Count > OpenMax)
        {
            if (_open.Remove(_openOrder.Dequeue(), out AttachmentFile? oldest))
            {
                if (oldest.IsDirty)
                {
                    oldest.Flush();
                }

                oldest.Dispose();
            }
        }
    }

    private string PathOf(Digest16 attachment) => Path.Combine(
        folder, string.Create(CultureInfo.InvariantCulture, $"{attachment}.{_counts[attachment]}.chunks"));
}
