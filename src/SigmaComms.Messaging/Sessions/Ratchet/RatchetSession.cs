using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Sessions.Handshake;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>One session: the triple ratchet between two devices. Opening is transactional.</summary>
internal sealed class RatchetSession : IDisposable
{
    private readonly byte[] _transcriptHash;
    private readonly SecretBytes _secrets;
    private readonly ReceivingChains _chains;
    private readonly SkippedKeys _skipped;
    private RatchetFields _fields;

    private RatchetSession(
        byte[] transcriptHash,
        SecretBytes secrets,
        ReceivingChains chains,
        SkippedKeys skipped,
        RatchetFields fields,
        byte[] initialPart)
    {
        _transcriptHash = transcriptHash;
        _secrets = secrets;
        _chains = chains;
        _skipped = skipped;
        _fields = fields;
        InitialPart = initialPart;
    }

    /// <summary>The first 16 bytes of the transcript hash.</summary>
    public ReadOnlySpan<byte> Id => _transcriptHash.AsSpan(0, MessageFraming.SessionIdSize);

    /// <summary>When the initiator began, in milliseconds since 1970.</summary>
    public ulong CreatedMs => _fields.CreatedMs;

    /// <summary>Whether the peer has not answered yet, so that the handshake goes with every message.</summary>
    public bool IsUnanswered => InitialPart.Length != 0;

    /// <summary>Skipped keys kept.</summary>
    public int SkippedCount => _skipped.Count;

    /// <summary>The newest post-quantum epoch.</summary>
    public uint Epoch => _fields.Epoch;

    /// <summary>The memory of the chain and root keys, for tests.</summary>
    internal ReadOnlySpan<byte> SecretMemory => _secrets.Span;

    /// <summary>The memory of the skipped keys, for tests.</summary>
    internal ReadOnlySpan<byte> SkippedMemory => _skipped.Memory;

    private byte[] InitialPart { get; set; }

    /// <summary>The initiator's session.</summary>
    public static RatchetSession Initiate(
        HandshakeKeys keys,
        byte[] transcriptHash,
        ReadOnlyMemory<byte> signedPrekey,
        byte[] initialPart,
        ulong createdMs,
        IRandomSource random)
    {
        RatchetFields fields = NewFields(createdMs, createdMs);
        fields.TurnPending = true;
        fields.PeerDh = signedPrekey.ToArray();
        var block = new SecretBytes(RatchetSecrets.SizeBytes);
        var secrets = new RatchetSecrets(block.Span);
        keys.EcRoot.CopyTo(secrets.EcRoot);
        RatchetKdf.PqStart(
            keys.PqRoot, secrets.PqRoot, initiatorChain: secrets.PqSend, responderChain: secrets.PqReceiveNext);
        RatchetTurn.PublishKemKey(ref fields, secrets, default, random);
        return new RatchetSession(transcriptHash, block, new ReceivingChains(), new SkippedKeys(), fields, initialPart);
    }

    /// <summary>The responder's session; its first ratchet key is the signed prekey.</summary>
    public static RatchetSession Respond(
        HandshakeKeys keys,
        byte[] transcriptHash,
        ReadOnlySpan<byte> signedPrekeyPrivate,
        ulong createdMs,
        DateTimeOffset now)
    {
        RatchetFields fields = NewFields(createdMs, SessionClock.Milliseconds(now));
        var block = new SecretBytes(RatchetSecrets.SizeBytes);
        var secrets = new RatchetSecrets(block.Span);
        keys.EcRoot.CopyTo(secrets.EcRoot);
        signedPrekeyPrivate.CopyTo(secrets.DhPrivate);
        RatchetKdf.PqStart(
            keys.PqRoot, secrets.PqRoot, initiatorChain: secrets.PqReceiveNext, responderChain: secrets.PqSend);
        return new RatchetSession(transcriptHash, block, new ReceivingChains(), new SkippedKeys(), fields, []);
    }

    /// <summary>Reads a session; after bytes that do not fit, the reader has failed and the result is null.</summary>
    public static RatchetSession? Read(ref WireReader reader)
    {
        byte[] transcriptHash = reader.Fixed(MessageFraming.TranscriptHashSize).ToArray();
        byte[] initialPart = reader.Opaque16(InitialHeader.SizeBytesMax).ToArray();
        RatchetFields fields = RatchetFieldsCodec.Read(ref reader);
        var secrets = new SecretBytes(reader.Fixed(RatchetSecrets.SizeBytes));
        ReceivingChains chains = ReceivingChains.Read(ref reader);
        SkippedKeys skipped = SkippedKeys.Read(ref reader, chains);
        bool fits = !reader.Failed && chains.Current?.Serial == (fields.HasReceiveChain ? fields.ReceiveSerial : null);
        if (fits)
        {
            return new RatchetSession(transcriptHash, secrets, chains, skipped, fields, initialPart);
        }

        reader.Fail();
        secrets.Dispose();
        skipped.Dispose();
        return null;
    }

    /// <summary>Writes the session, secrets included.</summary>
    public void Write(WireWriter writer)
    {
        writer.Fixed(_transcriptHash).Opaque16(InitialPart);
        RatchetFieldsCodec.Write(writer, _fields);
        writer.Fixed(_secrets.Span);
        _chains.Write(writer);
        _skipped.Write(writer);
    }

    /// <summary>Asks for fresh post-quantum keys at the next turn, here or at the peer.</summary>
    public void RequestStep() => _fields.StepRequested = true;

    /// <summary>Seals a plaintext that is not too large.</summary>
    public byte[] Seal(
        ReadOnlySpan<byte> plaintext, NodeId sender, NodeId recipient, DateTimeOffset now, IRandomSource random)
    {
        RatchetFields fields = _fields;
        Span<byte> block = stackalloc byte[RatchetSecrets.SizeBytes];
        Span<byte> messageSecret = stackalloc byte[RatchetKdf.KeySize];
        _secrets.Span.CopyTo(block);
        try
        {
            var secrets = new RatchetSecrets(block);
            if (fields.TurnPending)
            {
                RatchetTurn.Begin(ref fields, secrets, SessionClock.Milliseconds(now), random);
            }

            RatchetKdf.MessageSecret(secrets.EcSend, secrets.PqSend, messageSecret);
            var writer = new WireWriter(InitialPart.Length + RatchetHeader.SizeBytes + fields.KemPart.Length);
            writer.Fixed(InitialPart);
            RatchetHeader.Write(writer, Id, fields);
            byte[] message = SealBody(messageSecret, plaintext, writer.Written, sender, recipient);
            fields.SendN++;
            fields.SendPqN++;
            fields.CountMessage();
            block.CopyTo(_secrets.Span);
            _fields = fields;
            return message;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
            CryptographicOperations.ZeroMemory(messageSecret);
        }
    }

    /// <summary>How many messages a header claims to skip, over the old and the new chain.</summary>
    public ulong Jump(in RatchetHeader header)
    {
        ReceivingChain? chain = _chains.Find(header.Dh);
        if (chain is null)
        {
            return Ahead(header.PreviousN) + header.N;
        }

        return chain == _chains.Current ? Ahead(header.N) : 0;
    }

    /// <summary>Opens a message of this session. Any status but Ok leaves the session as it was.</summary>
    /// <param name="header">The message's header.</param>
    /// <param name="clear">All bytes before the sealed body.</param>
    /// <param name="body">The sealed body.</param>
    /// <param name="sender">The peer device.</param>
    /// <param name="recipient">This device.</param>
    /// <param name="plaintext">The plaintext, or null.</param>
    public DecryptStatus Open(
        in RatchetHeader header,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> body,
        NodeId sender,
        NodeId recipient,
        out byte[]? plaintext)
    {
        plaintext = null;
        ReceivingChain? chain = _chains.Find(header.Dh);
        if (chain is null && _chains.IsRetired(header.Dh))
        {
            return DecryptStatus.KeyDiscarded;
        }

        uint end = chain == _chains.Current ? _fields.ReceiveN : chain?.Length ?? 0;
        if (chain is not null && header.N < end)
        {
            return OpenSkipped(chain, header, clear, body, sender, recipient, out plaintext);
        }

        bool isClosed = chain is not null && chain != _chains.Current;
        return isClosed
            ? DecryptStatus.NotAuthentic
            : OpenAhead(header, clear, body, sender, recipient, out plaintext);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _secrets.Dispose();
        _skipped.Dispose();
    }

    private static RatchetFields NewFields(ulong createdMs, ulong nowMs) => new()
    {
        CreatedMs = createdMs,
        LastStepMs = nowMs,
        DhPublic = [],
        PeerDh = [],
        PeerKemKey = [],
        KemPart = [],
        HasPqReceiveNext = true,
    };

    private ulong Ahead(uint number) => number > _fields.ReceiveN ? number - _fields.ReceiveN : 0;

    private DecryptStatus OpenSkipped(
        ReceivingChain chain,
        in RatchetHeader header,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> body,
        NodeId sender,
        NodeId recipient,
        out byte[]? plaintext)
    {
        plaintext = null;
        int index = _skipped.Find(new SkippedPosition(chain.Serial, header.N));
        if (index < 0)
        {
            return header.N < chain.DiscardedBelow ? DecryptStatus.KeyDiscarded : DecryptStatus.Duplicate;
        }

        plaintext = TryOpenBody(_skipped.Secret(index), clear, body, sender, recipient);
        if (plaintext is null)
        {
            return DecryptStatus.NotAuthentic;
        }

        _skipped.Remove(index);
        Count(header);
        return DecryptStatus.Ok;
    }

    private DecryptStatus OpenAhead(
        in RatchetHeader header,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> body,
        NodeId sender,
        NodeId recipient,
        out byte[]? plaintext)
    {
        plaintext = null;
        RatchetFields fields = _fields;
        Span<byte> block = stackalloc byte[RatchetSecrets.SizeBytes];
        Span<byte> messageSecret = stackalloc byte[RatchetKdf.KeySize];
        _secrets.Span.CopyTo(block);
        using var skips = new SkippedDraft();
        try
        {
            var secrets = new RatchetSecrets(block);
            DecryptStatus status = RatchetReceipt.Advance(header, ref fields, secrets, skips);
            if (status != DecryptStatus.Ok)
            {
                return status;
            }

            RatchetKdf.MessageSecret(secrets.EcReceive, secrets.PqReceive, messageSecret);
            plaintext = TryOpenBody(messageSecret, clear, body, sender, recipient);
            if (plaintext is null)
            {
                return DecryptStatus.NotAuthentic;
            }

            fields.ReceiveN++;
            Commit(fields, block, header, skips);
            return DecryptStatus.Ok;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
            CryptographicOperations.ZeroMemory(messageSecret);
        }
    }

    private void Commit(
        in RatchetFields fields, ReadOnlySpan<byte> block, in RatchetHeader header, SkippedDraft skips)
    {
        bool isNewChain = fields.ReceiveSerial != _fields.ReceiveSerial;
        ReceivingChain? dropped =
            isNewChain ? _chains.Begin(fields.PeerDh, fields.ReceiveSerial, header.PreviousN, _skipped) : null;
        _skipped.Append(skips, _chains);
        if (dropped is not null)
        {
            _skipped.RemoveChain(dropped.Serial);
        }

        block.CopyTo(_secrets.Span);
        _fields = fields;
        InitialPart = [];
        Count(header);
        Invariant.Holds(_skipped.Count <= SessionLimits.SkippedKeysMax && _fields.ReceiveN > header.N);
    }

    private void Count(in RatchetHeader header)
    {
        _fields.CountMessage();
        _fields.StepWanted |= header.StepWanted;
    }

    private byte[] SealBody(
        ReadOnlySpan<byte> messageSecret,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> clear,
        NodeId sender,
        NodeId recipient)
    {
        byte[] padded = new byte[MessagePadding.BucketFor(plaintext.Length)];
        byte[] message = new byte[clear.Length + padded.Length + Aes256Gcm.TagSize];
        Invariant.Holds(message.Length <= SessionLimits.MessageMaxBytes);
        Span<byte> keys = stackalloc byte[RatchetKdf.MessageKeysSize];
        try
        {
            MessagePadding.Pad(plaintext, padded);
            RatchetKdf.MessageKeys(messageSecret, keys);
            clear.CopyTo(message);
            Aes256Gcm.Seal(
                keys[..Aes256Gcm.KeySize],
                keys[Aes256Gcm.KeySize..],
                padded,
                AssociatedData(clear, sender, recipient),
                message.AsSpan(clear.Length));
            return message;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private byte[]? TryOpenBody(
        ReadOnlySpan<byte> messageSecret,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> body,
        NodeId sender,
        NodeId recipient)
    {
        byte[] padded = new byte[body.Length - Aes256Gcm.TagSize];
        Span<byte> keys = stackalloc byte[RatchetKdf.MessageKeysSize];
        try
        {
            RatchetKdf.MessageKeys(messageSecret, keys);
            bool opened = Aes256Gcm.TryOpen(
                keys[..Aes256Gcm.KeySize],
                keys[Aes256Gcm.KeySize..],
                body,
                AssociatedData(clear, sender, recipient),
                padded);
            int length = opened ? MessagePadding.PlaintextLength(padded) : -1;
            return length >= 0 ? padded[..length] : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private byte[] AssociatedData(ReadOnlySpan<byte> clear, NodeId sender, NodeId recipient)
    {
        byte[] data = new byte[_transcriptHash.Length + (2 * Digest.SizeBytes) + clear.Length];
        _transcriptHash.CopyTo(data, 0);
        sender.Value.CopyTo(data.AsSpan(_transcriptHash.Length));
        recipient.Value.CopyTo(data.AsSpan(_transcriptHash.Length + Digest.SizeBytes));
        clear.CopyTo(data.AsSpan(_transcriptHash.Length + (2 * Digest.SizeBytes)));
        return data;
    }
}
