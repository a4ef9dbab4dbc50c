using System.Buffers.Binary;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Numbers and signs commands to vaults. The log gives a device four sessions and keeps each for an hour at least; so
/// that a device is not shut out by starting its fifth process, all its processes use the same four. Their ids follow
/// from the device's secret, so that nobody can take them first. Numbers follow the clock, so that processes need not
/// know of each other; where two take the same one, the log executes one and says so to the other. For one caller.
/// </summary>
/// <remarks>
/// No command is lost or doubled by a number that is used anew: a vault's own numbers say which append is which.
/// </remarks>
internal sealed class CommandSigner
{
    /// <summary>Sessions that the log gives a device.</summary>
    public const int SlotsMax = 4;

    private const long SafeTicks = 5 * TimeSpan.TicksPerSecond;
    private const int FirstLeapBits = 12;
    private const int LeapBits = 6;
    private const int LeapsMax = 6;

    private static readonly DateTimeOffset NumbersBegin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MlDsa65SigningKey _device;
    private readonly Digest _cluster;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly Digest[] _slots = new Digest[SlotsMax];
    private int _slot;
    private ulong _next;
    private int _leaps;
    private long _logTime;
    private bool _isClockAhead;
    private bool _isOpening;

    /// <summary>Makes one that starts with any of the four.</summary>
    /// <param name="device">The device's key; the caller's.</param>
    /// <param name="cluster">The cluster as its log knows it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Randomness.</param>
    public CommandSigner(MlDsa65SigningKey device, Digest cluster, TimeProvider time, IRandomSource random)
    {
        (_device, _cluster, _time, _random) = (device, cluster, time, random);
        byte[] seed = device.ExportSeed();
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        for (int slot = 0; slot < SlotsMax; slot++)
        {
            byte[] info = [.. "SigmaComms/1 control session "u8, (byte)slot];
            HkdfSha512.DeriveKey(seed, cluster.ToArray(), info, id);
            _slots[slot] = new Digest(id);
        }

        System.Security.Cryptography.CryptographicOperations.ZeroMemory(seed);
        random.Fill(id[..1]);
        _slot = id[0] % SlotsMax;
    }

    /// <summary>Signs a group; each call takes new numbers.</summary>
    /// <param name="payloads">1 to 64 payloads of vault commands.</param>
    public CommandGroup Sign(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        ulong first = _isOpening ? 1 : Math.Max(_next, ClockNumber());
        Command[] commands =
        [
            .. payloads.Select((payload, i) => new Command(
                _slots[_slot], first + (ulong)i, MachineIds.VaultCommands, payload)),
        ];
        _next = _isOpening ? _next : first + (ulong)commands.Length;
        byte[] signed = CommandGroup.EncodeSigned(IssuedAt(), commands);
        return CommandGroup.Assemble(
            _device.PublicKey.Span, signed, _device.Sign(signed, CommandGroup.SignatureContext(_cluster), _random));
    }

    /// <summary>The log executed a command: the session is open, and the numbers are right.</summary>
    public void Worked() => (_isOpening, _leaps) = (false, 0);

    /// <summary>The log does not know the session: the next group opens it.</summary>
    /// <returns>False if that was just tried: the clock of this machine is behind.</returns>
    public bool TryOpen()
    {
        bool isFirst = !_isOpening;
        _isOpening = true;
        return isFirst;
    }

    /// <summary>The numbers were used: the next ones are further on, each time by more.</summary>
    public void Leap()
    {
        _next = Math.Max(_next, ClockNumber()) + (1UL << (FirstLeapBits + (LeapBits * Math.Min(_leaps++, LeapsMax))));
        _isOpening = false;
    }

    /// <summary>The session is somebody else's, or there is no room for it: the next group uses another.</summary>
    public void Move() => (_slot, _isOpening) = ((_slot + 1) % SlotsMax, false);

    /// <summary>Hears of the log's time from a node.</summary>
    /// <param name="ticks">UTC ticks.</param>
    public void Hear(ulong ticks) => _logTime = ticks > long.MaxValue ? _logTime : Math.Max(_logTime, (long)ticks);

    /// <summary>The log says that this machine's clock is ahead.</summary>
    /// <param name="reply">The log's time.</param>
    public void Correct(ReadOnlySpan<byte> reply)
    {
        if (reply.Length == sizeof(long))
        {
            _logTime = Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(reply));
            _isClockAhead = true;
        }
    }

    private ulong ClockNumber()
    {
        double since = (_time.GetUtcNow() - NumbersBegin).TotalMilliseconds;
        return since < 1 ? 1 : (ulong)since;
    }

    private long IssuedAt()
    {
        long now = _time.GetUtcNow().UtcTicks;
        long latest = _isClockAhead ? Math.Min(now, _logTime + SafeTicks) : now;
        return Math.Max(_logTime + 1, latest);
    }
}
