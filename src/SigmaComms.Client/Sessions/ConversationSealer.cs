using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// The ratchet of a conversation: seals in the present session, and begins a new one where the two sides do not
/// understand each other any more, which costs the peer a prekey and is therefore done seldom.
/// </summary>
internal sealed class ConversationSealer(LocalDevice local, DeviceSessions sessions) : IDisposable
{
    private const long BlockFirstMs = 5_000;
    private const long BlockLastMs = 60 * 60 * 1000;
    private const long AnewFirstMs = 60_000;
    private const long AnewLastMs = 24 * 60 * 60 * 1000;

    private bool _wantsAnew;
    private long _anewNotBeforeMs;
    private int _anewCount;
    private int _blocks;

    /// <summary>The sessions with the peer device.</summary>
    public DeviceSessions Sessions { get; private set; } = sessions;

    /// <summary>Whether the ratchet moved since the last commit.</summary>
    public bool HasMoved { get; set; }

    /// <summary>Nothing that nobody asked for is sealed before this time.</summary>
    public long BlockedUntilUnixMs { get; private set; }

    /// <summary>Takes over a stored state.</summary>
    public void Import(ReadOnlySpan<byte> state)
    {
        Invariant.Holds(DeviceSessions.TryImport(state, out DeviceSessions? imported));
        Sessions.Dispose();
        Sessions = imported!;
    }

    /// <summary>The peer lacks something, and told it in another session than the one it should answer in.</summary>
    public void NotePeerAsked(bool asked) => _wantsAnew |= asked && Sessions.Phase == SessionPhase.InitSent;

    /// <summary>Repairs in the present session have failed: the next thing sealed begins a new one.</summary>
    public void Doubt(bool isInDoubt, DateTimeOffset now) =>
        _wantsAnew |= isInDoubt && _anewNotBeforeMs <= now.ToUnixTimeMilliseconds();

    /// <summary>
    /// There was no bundle that could be used, or the peer's identity changed: wait before something is sealed unasked.
    /// A session that stands is used meanwhile, however doubtful.
    /// </summary>
    public void Block(DateTimeOffset now)
    {
        long pauseMs = Math.Min(BlockFirstMs << Math.Min(_blocks++, 16), BlockLastMs);
        long untilMs = now.ToUnixTimeMilliseconds() + pauseMs;
        BlockedUntilUnixMs = _wantsAnew ? 0 : untilMs;
        _anewNotBeforeMs = Math.Max(_anewNotBeforeMs, untilMs);
        _wantsAnew = false;
    }

    /// <summary>There is a session that works, or an identity that is accepted: no more need to wait.</summary>
    public void Unblock()
    {
        _blocks = 0;
        BlockedUntilUnixMs = 0;
    }

    /// <summary>Seals an envelope.</summary>
    /// <param name="envelope">What to say.</param>
    /// <param name="depositId">Its name at the mailbox.</param>
    /// <param name="attempt">How often it was sealed before.</param>
    /// <param name="context">What it needs.</param>
    /// <param name="ciphertext">The result; null unless sealed.</param>
    public SendStatus Seal(
        Envelope envelope, Digest16 depositId, int attempt, in SealContext context, out Ciphertext? ciphertext)
    {
        ciphertext = null;
        long unixMs = context.Now.ToUnixTimeMilliseconds();
        bool isRepair = envelope.Kind == EnvelopeKind.Receipt || attempt > 0;
        _wantsAnew &= _anewNotBeforeMs <= unixMs;
        bool anew = _wantsAnew && (isRepair || context.Bundle is not null);
        if (anew && context.Bundle is null)
        {
            return SendStatus.NeedsBundle;
        }

        EncryptResult result = Encrypt(envelope, context, anew);
        if (result.Status == EncryptStatus.Ok)
        {
            HasMoved = true;
            Unblock();
            ciphertext = new Ciphertext(depositId, attempt, unixMs, result.Message);
            NoteBegun(anew, unixMs);
            return SendStatus.Sealed;
        }

        SendStatus status = result.Status switch
        {
            EncryptStatus.NeedsBundle => SendStatus.NeedsBundle,
            EncryptStatus.BundleRejected => SendStatus.BundleRejected,
            EncryptStatus.IdentityChanged => SendStatus.IdentityChanged,
            _ => throw new InvalidOperationException($"A session refused an envelope: {result.Status}."),
        };
        if (status != SendStatus.NeedsBundle)
        {
            Block(context.Now);
        }

        return status;
    }

    /// <summary>Forgets the ratchet's keys.</summary>
    public void Dispose() => Sessions.Dispose();

    private void NoteBegun(bool anew, long unixMs)
    {
        if (anew)
        {
            _wantsAnew = false;
            _anewNotBeforeMs = unixMs + Math.Min(AnewFirstMs << Math.Min(_anewCount++, 16), AnewLastMs);
        }
    }

    private EncryptResult Encrypt(Envelope envelope, in SealContext context, bool anew)
    {
        byte[]? before = anew ? Sessions.Export() : null;
        byte[] plain = envelope.Encode();
        try
        {
            if (anew)
            {
                Sessions.Reset();
            }

            EncryptResult result = Sessions.Encrypt(plain, local, context.Bundle, context.Now, context.Random);
            if (anew && result.Status != EncryptStatus.Ok)
            {
                Import(before);
            }

            return result;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(before);
        }
    }
}
