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
    private const byte FormatVersion = 1;
    private const int StateMaxBytes = 4 * 1024 * 1024;

    private readonly PrekeyShelf _signed;
    private readonly PrekeyShelf _oneTime;
    private readonly PrekeyShelf _kem;
    private readonly SortedSet<LastResortMark> _lastResortUses;
    private uint _nextId;

    /// <summary>Starts without keys.</summary>
    public PrekeyRing()
        : this(
            new PrekeyShelf(X25519.KeySize),
            new PrekeyShelf(X25519.KeySize),
            new PrekeyShelf(MlKem1024.SeedSize),
            [],
            1)
    {
    }

    private PrekeyRing(
        PrekeyShelf signed, PrekeyShelf oneTime, PrekeyShelf kem, SortedSet<LastResortMark> lastResortUses, uint nextId)
    {
        _signed = signed;
        _oneTime = oneTime;
        _kem = kem;
        _lastResortUses = lastResortUses;
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
        int shelvedMax = (2 * SessionLimits.OneTimePrekeysMax) + 100;
        PrekeyShelf signed = PrekeyShelf.Read(ref reader, X25519.KeySize, shelvedMax);
        PrekeyShelf oneTime = PrekeyShelf.Read(ref reader, X25519.KeySize, shelvedMax);
        PrekeyShelf kem = PrekeyShelf.Read(ref reader, MlKem1024.SeedSize, shelvedMax);
        SortedSet<LastResortMark> uses = LastResortMark.ReadAll(ref reader);
        var read = new PrekeyRing(signed, oneTime, kem, uses, nextId);
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
    /// <param name="oneTimeCount">How many one-time bundles; fewer if the ring would overflow.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">For the keys and signatures.</param>
    public PrekeyPublication Publish(LocalDevice device, int oneTimeCount, DateTimeOffset now, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oneTimeCount);
        Prune(now);
        DateTimeOffset expiry = now + SessionLimits.BundleLifetime;
        Prekey signed = _signed.Fresh(now) ?? Add(_signed, expiry, isLastResort: false, random);
        Prekey lastResort = _kem.Fresh(now) ?? Add(_kem, expiry, isLastResort: true, random);
        PrekeyBundle lastResortBundle = Sign(device, signed, lastResort, oneTime: null, random);
        int room = SessionLimits.OneTimePrekeysMax - _oneTime.Count;
        var oneTimeBundles = new List<PrekeyBundle>();
        for (int i = 0; i < Math.Min(room, oneTimeCount); i++)
        {
            Prekey kem = Add(_kem, expiry, isLastResort: false, random);
            Prekey oneTime = Add(_oneTime, expiry, isLastResort: false, random);
            oneTimeBundles.Add(Sign(device, signed, kem, oneTime, random));
        }

        return new PrekeyPublication(lastResortBundle, oneTimeBundles);
    }

    /// <summary>Whether <see cref="Publish"/> would renew the signed prekey or the last-resort key.</summary>
    /// <param name="now">The time.</param>
    public bool NeedsRotation(DateTimeOffset now) => _signed.Fresh(now) is null || _kem.Fresh(now) is null;

    /// <summary>Deletes the prekeys that a first message used up, and remembers a last-resort use.</summary>
    /// <param name="result">What opening the message gave.</param>
    public void Apply(DecryptResult result)
    {
        if (result.ConsumedOneTimePrekey is { } oneTime)
        {
            _oneTime.Remove(oneTime);
        }

        if (result.ConsumedKemPrekey is { } kem)
        {
            _kem.Remove(kem);
        }

        if (result.RememberLastResort is { } use)
        {
            _lastResortUses.Add(new LastResortMark(use.KemPrekeyId, new Digest(use.EphemeralKey.Span)));
        }
    }

    /// <summary>Deletes the keys whose bundles ended <see cref="SessionLimits.PrekeyRetention"/> ago.</summary>
    /// <param name="now">The time.</param>
    public void Prune(DateTimeOffset now)
    {
        _signed.Prune(now);
        _oneTime.Prune(now);
        _kem.Prune(now);
        _lastResortUses.RemoveWhere(mark => !_kem.Contains(mark.KemPrekeyId));
    }

    /// <summary>The whole state, to be stored sealed.</summary>
    /// <returns>Secret bytes: the caller zeroes them.</returns>
    public byte[] Export()
    {
        var writer = new WireWriter(4096);
        writer.U8(FormatVersion).U32(_nextId);
        _signed.Write(writer);
        _oneTime.Write(writer);
        _kem.Write(writer);
        LastResortMark.WriteAll(writer, _lastResortUses);
        return StateSeal.Add(writer);
    }

    /// <inheritdoc/>
    public bool TryGetSignedPrekey(uint id, Span<byte> privateKey) => _signed.TryGet(id, privateKey, out _);

    /// <inheritdoc/>
    public bool TryGetOneTimePrekey(uint id, Span<byte> privateKey) => _oneTime.TryGet(id, privateKey, out _);

    /// <inheritdoc/>
    public bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort) =>
        _kem.TryGet(id, seed, out isLastResort);

    /// <inheritdoc/>
    public bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey) =>
        _lastResortUses.Contains(new LastResortMark(kemPrekeyId, new Digest(ephemeralKey)))
        || _lastResortUses.Count(mark => mark.KemPrekeyId == kemPrekeyId) >= SessionLimits.LastResortUsesMax;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signed.Dispose();
        _oneTime.Dispose();
        _kem.Dispose();
    }

    private Prekey Add(PrekeyShelf shelf, DateTimeOffset expiry, bool isLastResort, IRandomSource random)
    {
        var secret = new SecretBytes(shelf.SecretSizeBytes);
        random.Fill(secret.Span);
        var prekey = new Prekey(_nextId, isLastResort, expiry, secret);
        _nextId = _nextId == uint.MaxValue ? 1 : _nextId + 1;
        shelf.Add(prekey);
        return prekey;
    }

    private static PrekeyBundle Sign(
        LocalDevice device, Prekey signed, Prekey kem, Prekey? oneTime, IRandomSource random)
    {
        byte[] signedPrekey = new byte[X25519.KeySize];
        byte[] oneTimePrekey = oneTime is null ? [] : new byte[X25519.KeySize];
        byte[] kemPrekey = new byte[MlKem1024.EncapsulationKeySize];
        X25519.DerivePublicKey(signed.Secret.Span, signedPrekey);
        MlKem1024.DeriveEncapsulationKey(kem.Secret.Span, kemPrekey);
        if (oneTime is not null)
        {
            X25519.DerivePublicKey(oneTime.Secret.Span, oneTimePrekey);
        }

        var keys = new PrekeyBundleKeys
        {
            DeviceId = device.DeviceId,
            IdentityKey = device.IdentityPublicKey,
            SignedPrekeyId = signed.Id,
            SignedPrekey = signedPrekey,
            KemPrekeyId = kem.Id,
            KemPrekey = kemPrekey,
            IsLastResort = kem.IsLastResort,
            Expiry = signed.Expiry < kem.Expiry ? signed.Expiry : kem.Expiry,
            OneTimePrekeyId = oneTime?.Id,
            OneTimePrekey = oneTimePrekey,
        };
        return PrekeyBundle.Create(device.SigningKey, keys, random);
    }
}
