using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Attachments;

/// <summary>A file that is sent: hashed as it is read, also if parts are read twice, and of the size it had.</summary>
internal sealed class AttachmentSource(FileStream file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;
    private long _hashed;

    /// <summary>Size of the file when it was opened.</summary>
    public override long Length { get; } = file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => file.Position = _position = value;
    }

    /// <summary>SHA-256 of all that was read; to be asked once, at the end.</summary>
    public Digest Hash => new(_hash.GetHashAndReset());

    /// <inheritdoc/>
    /// <exception cref="ClientException">The file is not what it was, or cannot be read.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            Memory<byte> room = buffer[..(int)Math.Min(buffer.Length, Length - _position)];
            int read = room.IsEmpty ? 0 : await file.ReadAsync(room, cancellationToken);
            bool hasEnded = _position + read == Length;
            if ((read == 0 && !room.IsEmpty) || (hasEnded && file.Length != Length))
            {
                throw new ClientException(
                    ClientFailure.FileChanged,
                    "The file changed while it was sent. Send it again when it is complete.");
            }

            int known = (int)Math.Clamp(_hashed - _position, 0, read);
            _hash.AppendData(room.Span[known..read]);
            _position += read;
            _hashed = Math.Max(_hashed, _position);
            return read;
        }
        catch (IOException failed)
        {
            throw new ClientException(ClientFailure.Disk, $"The file cannot be read: {failed.Message}", failed);
        }
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
