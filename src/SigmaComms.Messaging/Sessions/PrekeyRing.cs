using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// All private prekeys of one device, in memory: makes them, signs bundles of them, and gives them to the sessions.
/// The owner stores <see cref="Export"/> after every change. Not safe for use from two threads at once.
/// </summary>
public sealed class PrekeyRing : IPrekeySecrets, IDisposable
{
    private const byte FormatVersion = 2;

    // Above the largest state: 16 last-resort keys with 10,000 uses of 32 bytes each, 1,000 pairs of 112 bytes.
    private const int StateMaxBytes = 8 * 1024 * 1024;

    private readonly PrekeyShelf _signed;
    private readonly PrekeyShelf _lastResort;
    private readonly PrekeyPairShelf _oneTime;
    private readonly LastResortUses _uses;
    private uint _nextId;

    /// <summary>Starts without keys.</summary>
    public PrekeyRing()
        : this(
            new PrekeyShelf(X25519.KeySize),
            new PrekeyShelf(MlKem1024.SeedSize),
            new PrekeyPairShelf(),
            new LastResortUses(),
            1)
    {
    }

    private PrekeyRing(
        PrekeyShelf signed, PrekeyShelf lastResort, PrekeyPairShelf oneTime, LastResortUses uses, uint nextId)
    {
        _signed = signed;
        _lastResort = lastResort;
        _oneTime = oneTime;
        _uses = uses;
        _nextId = nextId;
    }

    /// <summary>One-time bundles made and not yet used.</summary>
    public int OneTimeCount => _oneTime.Count;

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    /// <param name="state">Secret bytes; any others are refused.</param>
    /// <param name="ring">The ring, or null.</param>
    /// <returns>False if the bytes are corrupted.</returns>
    public static bool TryImport(ReadOnlySpan<byte> state, [NotNullWhen(true)] out PrekeyRing? ring)
    {
        ring = null;
        if (state.Length > StateMaxBytes || !StateSeal.TryRemove(state, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        var reader = new WireReader(body);
        bool known = reader.U8() == FormatVersion;
        uint nextId = reader.U32();
        PrekeyShelf signed = PrekeyShelf.Read(ref reader, X25519.KeySize);
        PrekeyShelf lastResort = PrekeyShelf.Read(ref reader, MlKem1024.SeedSize);
        PrekeyPairShelf oneTime = PrekeyPairShelf.Read(ref reader);
        LastResortUses uses = LastResortUses.Read(ref reader, lastResort);
        var read = new PrekeyRing(signed, lastResort, oneTime, uses, nextId);
        if (!known || nextId == 0 || !reader.AtEnd)
        {
            read.Dispose();
            return false;
        }

        ring = read;
        return true;
    }

    /// <summary>
    /// Makes bundles: one with the last-resort key, and as many one-time ones as asked. The signed prekey and the
    /// last-resort key are renewed when they are older than <see cref="SessionLimits.PrekeyRotation"/>.
    /// </summary>
    /// <param name="device">The device whose bundles they are.</param>
    /// <param name="oneTimeCount">
    /// How many one-time bundles; at most <see cref="SessionLimits.OneTimePrekeysMax"/> are made. Where the ring is
    /// full, the oldest ones that nobody has used go for them.
    /// </param>
    /// <param name="now">The time.</param>
    /// <param name="random">For the keys and signatures.</param>
    public PrekeyPublication Publish(LocalDevice device, int oneTimeCount, DateTimeOffset now, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oneTimeCount);
        Prune(now);
        DateTimeOffset expiry = now + SessionLimits.BundleLifetime;
        Prekey signed = _signed.Fresh(now) ?? Add(_signed, expiry, random);
        Prekey lastResort = _lastResort.Fresh(now) ?? Add(_lastResort, expiry, random);
        _uses.KeepOnly(_lastResort);
        PrekeyBundle lastResortBundle = SignLastResort(device, signed, lastResort, random);
        var oneTimeBundles = new List<PrekeyBundle>();
        for (int i = 0; i < Math.Min(SessionLimits.OneTimePrekeysMax, oneTimeCount); i++)
        {
            PrekeyPair pair = AddPair(expiry, random);
            oneTimeBundles.Add(SignOneTime(device, signed, pair, random));
        }

        return new PrekeyPublication(lastResortBundle, oneTimeBundles);
    }

    /// <summary>Whether <see cref="Publish"/> would renew the signed prekey or the last-resort key.</summary>
    /// <param name="now">The time.</param>
    public bool NeedsRotation(DateTimeOffset now) => _signed.Fresh(now) is null || _lastResort.Fresh(now) is null;

    /// <summary>
    /// Deletes the prekeys that a first message used up, each with the other half of its bundle, and remembers a
    /// last-resort use. Doing it twice does no harm.
    /// </summary>
    /// <param name="result">What opening the message gave.</param>
    public void Apply(DecryptResult result)
    {
        if (result.ConsumedOneTimePrekey is { } oneTime)
        {
            _oneTime.RemoveOneTime(oneTime);
        }

        if (result.ConsumedKemPrekey is { } kem)
        {
            _oneTime.RemoveKem(kem);
        }

        if (result.RememberLastResort is { } use && _lastResort.Contains(use.KemPrekeyId))
        {
            _uses.Remember(use.KemPrekeyId, use.EphemeralKey.Span);
        }
    }

    /// <summary>Deletes the keys whose bundles ended <see cref="SessionLimits.PrekeyRetention"/> ago.</summary>
    /// <param name="now">The time.</param>
    public void Prune(DateTimeOffset now)
    {
        _signed.Prune(now);
        _lastResort.Prune(now);
        _oneTime.Prune(now);
        _uses.KeepOnly(_lastResort);
    }

    /// <summary>The whole state, to be stored sealed. <see cref="TryImport"/> reads it, whatever happened.</summary>
    /// <returns>Secret bytes: the caller zeroes them.</returns>
    public byte[] Export()
    {
        var writer = new WireWriter(4096);
        writer.U8(FormatVersion).U32(_nextId);
        _signed.Write(writer);
        _lastResort.Write(writer);
        _oneTime.Write(writer);
        _uses.Write(writer);
        byte[] state = StateSeal.Add(writer);
        Invariant.Holds(state.Length <= StateMaxBytes && _nextId != 0);
        return state;
    }

    /// <inheritdoc/>
    public bool TryGetSignedPrekey(uint id, Span<byte> privateKey) => _signed.TryGet(id, privateKey);

    /// <inheritdoc/>
    public bool TryGetOneTimePrekey(uint id, Span<byte> privateKey) => _oneTime.TryGetOneTime(id, privateKey);

    /// <inheritdoc/>
    public bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort)
    {
        isLastResort = _lastResort.TryGet(id, seed);
        return isLastResort || _oneTime.TryGetKem(id, seed);
    }

    /// <inheritdoc/>
    public bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey) =>
        _uses.Refuses(kemPrekeyId, ephemeralKey);

    /// <inheritdoc/>
    public void Dispose()
    {
        _signed.Dispose();
        _lastResort.Dispose();
        _oneTime.Dispose();
    }

    private Prekey Add(PrekeyShelf shelf, DateTimeOffset expiry, IRandomSource random)
    {
        SecretBytes secret = shelf.NewSecret();
        random.Fill(secret.Span);
        var prekey = new Prekey(NextId(), expiry, secret);
        shelf.Add(prekey);
        return prekey;
    }

    private PrekeyPair AddPair(DateTimeOffset expiry, IRandomSource random)
    {
        var secret = new SecretBytes(PrekeyPair.SecretSizeBytes);
        var pair = new PrekeyPair(KemId: NextId(), OneTimeId: NextId(), expiry, secret);
        random.Fill(pair.KemSeed);
        random.Fill(pair.OneTimeKey);
        _oneTime.Add(pair);
        return pair;
    }

    private uint NextId()
    {
        uint id = _nextId;
        _nextId = id == uint.MaxValue ? 1 : id + 1;
        return id;
    }

    private static PrekeyBundle SignLastResort(
        LocalDevice device, Prekey signed, Prekey lastResort, IRandomSource random)
    {
        PrekeyBundleKeys keys = Keys(device, signed, lastResort.Id, lastResort.Secret.Span, lastResort.Expiry);
        return PrekeyBundle.Create(device.SigningKey, keys with { IsLastResort = true }, random);
    }

    private static PrekeyBundle SignOneTime(LocalDevice device, Prekey signed, PrekeyPair pair, IRandomSource random)
    {
        byte[] oneTimePrekey = new byte[X25519.KeySize];
        X25519.DerivePublicKey(pair.OneTimeKey, oneTimePrekey);
        PrekeyBundleKeys keys = Keys(device, signed, pair.KemId, pair.KemSeed, pair.Expiry);
        return PrekeyBundle.Create(
            device.SigningKey,
            keys with { OneTimePrekeyId = pair.OneTimeId, OneTimePrekey = oneTimePrekey },
            random);
    }

    private static PrekeyBundleKeys Keys(
        LocalDevice device, Prekey signed, uint kemId, ReadOnlySpan<byte> kemSeed, DateTimeOffset kemExpiry)
    {
        byte[] signedPrekey = new byte[X25519.KeySize];
        byte[] kemPrekey = new byte[MlKem1024.EncapsulationKeySize];
        X25519.DerivePublicKey(signed.Secret.Span, signedPrekey);
        MlKem1024.DeriveEncapsulationKey(kemSeed, kemPrekey);
        return new PrekeyBundleKeys
        {
            DeviceId = device.DeviceId,
            IdentityKey = device.IdentityPublicKey,
            SignedPrekeyId = signed.Id,
            SignedPrekey = signedPrekey,
            KemPrekeyId = kemId,
            KemPrekey = kemPrekey,
            IsLastResort = false,
            Expiry = signed.Expiry < kemExpiry ? signed.Expiry : kemExpiry,
        };
    }
}
