namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>How a mounted vault behaves.</summary>
public sealed record MountOptions
{
    /// <summary>Plaintext of stripes that is kept in memory: at least 8 MiB, usually 256 MiB.</summary>
    public long CacheBytes { get; init; } = 256L << 20;

    /// <summary>Written bytes that no node has yet, at most: at least 8 MiB, usually 128 MiB. More waits.</summary>
    public long DirtyBytesMax { get; init; } = 128L << 20;

    /// <summary>How old written bytes get before they go to the nodes by themselves: usually 2 s.</summary>
    public TimeSpan WriteBackAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long what must be durable waits for a cluster that does not answer: usually 60 s.</summary>
    public TimeSpan DurableWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long each change waits for its place in the log after somebody else has changed something: usually 30 s.
    /// </summary>
    public TimeSpan SharedTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether each change waits for its place in the log always.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether nothing may be changed.</summary>
    public bool IsReadOnly { get; init; }
}
