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
    private const int BlockBytes = 4_096;
    private const string Extension = ".parts";

    private readonly Dictionary<Digest16, (uint Count, long Length)> _held = [];
    private readonly Dictionary<Digest16, AttachmentFile> _open = [];
    private readonly Queue<Digest16> _openOrder = new();

    private bool _folderIsDirty;

    /// <summary>Bytes on the disk, in whole blocks, with one block for each attachment itself.</summary>
    public long Bytes { get; private set; }

    /// <summary>Every attachment.</summary>
    public IReadOnlyCollection<Digest16> Ids => _held.Keys;

    /// <summary>The files that are open.</summary>
    public IEnumerable<AttachmentFile> Open => _open.Values;

    /// <summary>Reads which attachments there are.</summary>
    /// <exception cref="IOException">The world failed.</exception>
    public void Load()
    {
        System.IO.Directory.CreateDirectory(folder);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            string[] parts = file.Name.Split('.');
            if (parts.Length == 3 && Digest16.TryParse(parts[0], out Digest16 attachment)
                && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && count is > 0 and <= LinkLimits.ChunksPerAttachment)
            {
                Account(attachment, count, file.Length);
            }
        }
    }

    /// <summary>The attachment's file, if it is here.</summary>
    public AttachmentFile? Find(Digest16 attachment) =>
        _held.TryGetValue(attachment, out (uint Count, long Length) held) ? OpenFile(attachment, held.Count) : null;

    /// <summary>What the disk will hold more if a chunk is written.</summary>
    public long ChargeOf(Digest16 attachment, int contentBytes)
    {
        long more = AttachmentFile.HeadBytes + contentBytes;
        return _held.TryGetValue(attachment, out (uint Count, long Length) held)
            ? Charge(held.Length + more) - Charge(held.Length)
            : Charge(AttachmentFile.StartBytes + more);
    }

    /// <summary>Writes a chunk; the file is made if need be.</summary>
    public AttachmentFile Write(Digest16 attachment, uint count, uint index, ReadOnlyMemory<byte> content)
    {
        if (!_held.ContainsKey(attachment))
        {
            Account(attachment, count, AttachmentFile.StartBytes);
            _folderIsDirty = true;
        }

        AttachmentFile file = OpenFile(attachment, count);
        file.Write(index, content);
        Account(attachment, count, file.Length);
        return file;
    }

    /// <summary>Makes what was written to the file durable, and its name.</summary>
    public void Flush(AttachmentFile file)
    {
        file.Flush();
        if (_folderIsDirty)
        {
            DurableFolder.Flush(folder);
            _folderIsDirty = false;
        }
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

        File.Delete(PathOf(attachment));
        Bytes -= Charge(_held[attachment].Length);
        _held.Remove(attachment);
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

    private static long Charge(long length) => BlockBytes + ((length + BlockBytes - 1) / BlockBytes * BlockBytes);

    private void Account(Digest16 attachment, uint count, long length)
    {
        if (_held.TryGetValue(attachment, out (uint Count, long Length) before))
        {
            Bytes -= Charge(before.Length);
        }

        _held[attachment] = (count, length);
        Bytes += Charge(length);
    }

    private AttachmentFile OpenFile(Digest16 attachment, uint count)
    {
        if (_open.TryGetValue(attachment, out AttachmentFile? open))
        {
            return open;
        }

        AttachmentFile file = AttachmentFile.Open(PathOf(attachment), count);
        Account(attachment, count, file.Length);
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
                    Flush(oldest);
                }

                oldest.Dispose();
            }
        }
    }

    private string PathOf(Digest16 attachment) => Path.Combine(
        folder, string.Create(CultureInfo.InvariantCulture, $"{attachment}.{_held[attachment].Count}{Extension}"));
}
