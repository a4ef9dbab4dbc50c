namespace SigmaComms.Cluster.Disks;

/// <summary>An open file of a <see cref="IDisk"/>, read and written by position.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Bytes in it.</summary>
    long Length { get; }

    /// <summary>Reads as much as there is.</summary>
    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes all bytes; durable after <see cref="Sync"/>.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes all that was written durable. If it throws, never again: what it should have kept is gone.
    /// </summary>
    void Sync();
}
