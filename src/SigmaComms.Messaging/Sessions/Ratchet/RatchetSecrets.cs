namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>Names for the parts of a session's secret block. What does not exist is zero.</summary>
internal readonly ref struct RatchetSecrets(Span<byte> block)
{
    /// <summary>Size of the block.</summary>
    public const int SizeBytes = (8 * KeySize) + SeedSize;

    /// <summary>Size of every part but the last.</summary>
    public const int KeySize = 32;

    private const int SeedSize = Cryptography.Kem.MlKem768.SeedSize;

    private readonly Span<byte> _block = block;

    /// <summary>RK_ec.</summary>
    public Span<byte> EcRoot => Part(0);

    /// <summary>CKs of the Double Ratchet.</summary>
    public Span<byte> EcSend => Part(1);

    /// <summary>CKr of the Double Ratchet.</summary>
    public Span<byte> EcReceive => Part(2);

    /// <summary>Private half of this turn's ratchet key.</summary>
    public Span<byte> DhPrivate => Part(3);

    /// <summary>RK_pq.</summary>
    public Span<byte> PqRoot => Part(4);

    /// <summary>This side's chain of the newest epoch.</summary>
    public Span<byte> PqSend => Part(5);

    /// <summary>The peer's chain of the epoch of the current receiving chain.</summary>
    public Span<byte> PqReceive => Part(6);

    /// <summary>The peer's chain of the newest epoch, while its messages are still in an older one.</summary>
    public Span<byte> PqReceiveNext => Part(7);

    /// <summary>Seed of this side's published encapsulation key.</summary>
    public Span<byte> KemSeed => _block.Slice(8 * KeySize, SeedSize);

    private Span<byte> Part(int index) => _block.Slice(index * KeySize, KeySize);
}
