using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// A message from the mailbox on its way to its session; it takes a place at the link's gate meanwhile.
/// </summary>
/// <remarks>The blob is: a version byte, the account the sender says it is of, the session's message.</remarks>
internal sealed class InboundMessage(Digest16 id, NodeId sender, ReadOnlyMemory<byte> blob, SemaphoreSlim gate)
{
    /// <summary>Bytes before the session's message.</summary>
    public const int HeaderSizeBytes = 1 + Digest.SizeBytes;

    private const byte CurrentVersion = 1;
    private int _released;

    /// <summary>The mailbox's name for it.</summary>
    public Digest16 Id { get; } = id;

    /// <summary>The device that deposited it, as the nodes say.</summary>
    public NodeId Sender { get; } = sender;

    /// <summary>The session's message; untrusted.</summary>
    public ReadOnlyMemory<byte> Sealed { get; private set; }

    /// <summary>The account the sender says it is of; believed only once the session opens.</summary>
    public NodeId Account { get; private set; }

    /// <summary>Puts the header before a session's message.</summary>
    public static byte[] Frame(NodeId account, ReadOnlySpan<byte> message)
    {
        var writer = new WireWriter(HeaderSizeBytes + message.Length);
        return writer.U8(CurrentVersion).Digest(account.Value).Fixed(message).ToArray();
    }

    /// <summary>Reads the header.</summary>
    /// <returns>False if the blob is nothing that a client deposits.</returns>
    public bool TryRead()
    {
        var reader = new WireReader(blob.Span);
        byte version = reader.U8();
        Account = new NodeId(reader.Digest());
        if (reader.Failed || version != CurrentVersion)
        {
            return false;
        }

        Sealed = blob[HeaderSizeBytes..];
        return true;
    }

    /// <summary>Makes room for the next one from the link. May be called twice.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            gate.Release();
        }
    }
}
