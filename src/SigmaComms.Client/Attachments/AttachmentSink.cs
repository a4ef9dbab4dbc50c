using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Attachments;

/// <summary>Writes what comes of a file, hashes it and tells how far it is.</summary>
internal sealed class AttachmentSink(FileStream file, long sizeBytes, IProgress<AttachmentProgress>? progress) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>SHA-256 of all that came; to be asked once, at the end.</summary>
    public Digest Hash => new(_hash.GetHashAndReset());

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hash.AppendData(buffer.Span);
        await file.WriteAsync(buffer, cancellationToken);
        _written += buffer.Length;
        progress?.Report(new AttachmentProgress(_written, sizeBytes));
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
